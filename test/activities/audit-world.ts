// The auditor on real parts: two frames of the sandbox as processes, and PostgreSQL.
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { AuditSettings } from '../../src/activities/supply-auditor.js';
import { openPostgres } from '../../src/adapters/postgres-connection.js';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import { createPostgresSupply } from '../../src/adapters/postgres-supply.js';
import type { CertificateDocument } from '../../src/domain/supply-certificate.js';
import type { SupplyPlatform, SupplyStore } from '../../src/ports.js';
import { createOwnDatabase } from '../support/own-database.js';
import {
  prepareSandbox,
  type SandboxFrame,
  type SandboxPlatform,
} from '../support/sandbox-service.js';

import { auditorOf, platformOf, settingsOf } from './audit-parts.js';

const logger = pino({ level: 'silent' });

export interface PaymentOver {
  readonly amount?: string;
  readonly memo?: string;
  /** Names without their registry. */
  readonly agents?: readonly [string, string];
}

export interface AuditWorld {
  readonly sandbox: SandboxPlatform;
  readonly store: SupplyStore;
  readonly platform: SupplyPlatform;
  readonly databaseUrl: string;
  /** One audit under a new id. */
  audit(over?: Partial<AuditSettings>): Promise<CertificateDocument>;
  /** A call with the token of a role; throws unless it is answered with 2xx. */
  call(role: string, url: string, body: object): Promise<Record<string, unknown>>;
  /** Pays between agents of the frames, canaries unless said; answers the transfer's id. */
  pay(
    backend: 'intra' | 'async' | '2pc',
    from: SandboxFrame,
    to: SandboxFrame,
    over?: PaymentOver,
  ): Promise<string>;
  close(): Promise<void>;
}

/** With the PostgreSQL of the test run, or with one that a campaign or benchmark has started. */
export async function openAuditWorld(postgresUrl?: string): Promise<AuditWorld> {
  const times = { refundAfterMs: 1_500, sweepIntervalMs: 200 };
  const sandbox = await prepareSandbox(times, postgresUrl);
  for (const frame of sandbox.frames) {
    await Promise.all([sandbox.start('event-store', frame), sandbox.start('teg', frame)]);
  }
  const database = await createOwnDatabase('audits', postgresUrl);
  await migratePostgres(database.url, logger);
  const postgres = openPostgres({
    url: database.url,
    connectionsMax: 4,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 30_000,
    logger,
  });
  const store = createPostgresSupply(postgres);
  const platform = platformOf(sandbox);
  return {
    sandbox,
    store,
    platform,
    databaseUrl: database.url,
    async audit(over = {}) {
      const auditor = auditorOf(store, platform, { ...settingsOf(sandbox), ...over });
      return (await auditor.audit({ auditId: randomUUID(), slotMs: undefined })).document;
    },
    call: (role, url, body) => call(sandbox, role, url, body),
    async pay(backend, from, to, over = {}) {
      const { agents = ['canary-1', 'canary-2'], amount = '1.000000', memo = 'audited' } = over;
      const sender = `${from.registry}:${agents[0]}`;
      const receiver = `${to.registry}:${agents[1]}`;
      const door =
        backend === 'intra' ? '/teg/transfer' : `/teg/cross-registry-transfer?backend=${backend}`;
      const body = { sender, receiver, amount, memo };
      const answer = await call(sandbox, `agent:${sender}`, from.tegUrl + door, body);
      return String(answer.transfer_id);
    },
    async close() {
      await postgres.close();
      await Promise.all([database.drop(), sandbox.close()]);
    },
  };
}

async function call(
  sandbox: SandboxPlatform,
  role: string,
  url: string,
  body: object,
): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${sandbox.token(role)}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
