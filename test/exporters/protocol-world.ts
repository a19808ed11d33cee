// Business on real parts: two frames of the sandbox with their registries, and the reactor's own
// stores. What happened is told by the sandbox's oracle, from postings and votes.
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { expect, inject } from 'vitest';
import { openStores, type Stores } from '../../src/adapters/open-stores.js';
import { createPlatformState } from '../../src/adapters/platform-state.js';
import { migratePostgres } from '../../src/adapters/postgres-migrations.js';
import { createSupplyPlatform } from '../../src/adapters/supply-platform.js';
import { systemClock } from '../../src/adapters/system-clock.js';
import { parseConfig } from '../../src/config.js';
import type { Backend } from '../../src/domain/backend.js';
import { memoOf } from '../../src/domain/memo.js';
import { fetchTegFamilies } from '../../src/exporters/protocol-teg.js';
import { exporterSettings } from '../../src/exporters/settings.js';
import { createOwnDatabase } from '../support/own-database.js';
import { prepareSandbox, type SandboxFrame } from '../support/sandbox-service.js';
import { exporterOver, seriesOf } from './page.js';

const TIMEOUT_MS = 5_000;
const SETTLE_MS = 100;
const logger = pino({ level: 'silent' });

export type ProtocolWorld = Awaited<ReturnType<typeof openProtocolWorld>>;

export async function openProtocolWorld() {
  const sandbox = await prepareSandbox({ refundAfterMs: 1_000, sweepIntervalMs: 200 });
  for (const frame of sandbox.frames) {
    await Promise.all([sandbox.start('event-store', frame), sandbox.start('teg', frame)]);
  }
  await Promise.all(sandbox.frames.map((frame) => sandbox.start('registry', frame)));
  const database = await createOwnDatabase('protocol');
  await migratePostgres(database.url, logger);
  const config = configOf(sandbox.frames, database.url);
  const stores = await openStores(config, logger);
  return {
    frames: sandbox.frames,
    stores,
    /** A page read now, by an exporter that keeps nothing from before. */
    async page(away: Partial<Record<keyof SandboxFrame, SandboxFrame>> = {}) {
      const frames = doorsOf(sandbox.frames, away);
      const exporter = exporterOver({
        ...stores,
        clock: systemClock,
        settings: exporterSettings(config, '0.1.0'),
        platformState: createPlatformState({
          ...{ frames, timeoutMs: TIMEOUT_MS, recentEventsMax: 5_000, settleMs: SETTLE_MS },
        }),
        supplyPlatform: createSupplyPlatform({ frames, bucketCount: 1, timeoutMs: TIMEOUT_MS }),
        tegFamilies: (id) => fetchTegFamilies(frames.find((one) => one.id === id)?.teg ?? ''),
      });
      return seriesOf(await exporter.metrics());
    },
    recordOwn: (own: OwnResult) => recordOwn(stores, own),
    ask: (role: string, url: string) => ask(sandbox.token(role), url),
    post: (role: string, url: string, body: object) => post(sandbox.token(role), url, body),
    async close() {
      await stores.close();
      await Promise.all([database.drop(), sandbox.close()]);
    },
  };
}

/** An address at which nobody answers, for what a case takes away. */
const NOBODY = 'http://127.0.0.1:9';

function doorsOf(
  frames: readonly SandboxFrame[],
  away: Partial<Record<keyof SandboxFrame, SandboxFrame>>,
) {
  return frames.map((frame) => {
    const urlOf = (key: 'tegUrl' | 'eventStoreUrl' | 'registryUrl') =>
      away[key] === frame ? NOBODY : frame[key];
    return {
      id: frame.id,
      teg: urlOf('tegUrl'),
      eventStore: urlOf('eventStoreUrl'),
      registries: [{ id: frame.registry, url: urlOf('registryUrl') }],
    };
  });
}

function configOf(frames: readonly SandboxFrame[], postgres: string) {
  const redis = new URL(inject('redisUrl'));
  redis.pathname = '/8';
  const platform = {
    agentTokensFile: 'none',
    frames: doorsOf(frames, {}).map(({ registries, ...frame }) => ({
      ...frame,
      registries: registries.map((one) => ({
        ...one,
        agents: [`${one.id}:canary-1`, `${one.id}:canary-2`],
      })),
    })),
  };
  const stores = { postgres, redis: redis.href };
  return parseConfig('test', JSON.stringify({ platform, stores }), {});
}

/** Pays between agents of a name; answers the transfer's id. */
export async function pay(
  { post: send }: Pick<ProtocolWorld, 'post'>,
  payment: {
    readonly backend: Backend;
    readonly from: SandboxFrame;
    readonly to: SandboxFrame;
    readonly amount: string;
    readonly memo: string;
    readonly sender?: string;
  },
): Promise<string> {
  const { amount, backend, from, memo, sender: name = 'user-01', to } = payment;
  const sender = `${from.registry}:${name}`;
  const receiver = `${to.registry}:user-02`;
  const door = backend === 'intra' ? 'transfer' : `cross-registry-transfer?backend=${backend}`;
  const body = { sender, receiver, amount, memo };
  const answer = await send(`agent:${sender}`, `${from.tegUrl}/teg/${door}`, body);
  return String(answer.transfer_id);
}

/** A canary's payment, and the result that the reactor stores of it. */
export async function payAsCanary(
  world: ProtocolWorld,
  payment: Omit<Parameters<typeof pay>[1], 'memo'>,
  baseUnits: string,
): Promise<void> {
  const testId = randomUUID();
  const transferId = await pay(world, { ...payment, memo: memoOf(testId), sender: 'canary-1' });
  await world.recordOwn({ testId, transferId, amount: baseUnits });
}

interface OwnResult {
  readonly testId: string;
  readonly transferId: string;
  /** Base units. */
  readonly amount: string;
}

/** Stores a passed test of ours, as recording its verdict does. */
async function recordOwn({ results }: Stores, own: OwnResult): Promise<void> {
  await results.record(
    {
      ...{ ...own, cycleId: 'c1', pathId: 'p1', backend: 'intra', outcome: 'passed', missing: [] },
      ...{ failureSignal: undefined, phase: undefined, reason: '', late: false },
      ...{ warmUp: false, maintenance: false },
      ...{ firedAtMs: undefined, totalLatencyMs: undefined, decidedAtMs: systemClock.nowMs() },
    },
    [],
  );
}

async function ask(token: string, url: string): Promise<Record<string, unknown>> {
  return answerOf(url, await fetch(url, { headers: { authorization: `Bearer ${token}` } }));
}

async function post(token: string, url: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  return answerOf(url, answer);
}

async function answerOf(url: string, answer: Response): Promise<Record<string, unknown>> {
  const text = await answer.text();
  expect(answer.ok, `${url} answered ${answer.status}: ${text}`).toBe(true);
  return JSON.parse(text) as Record<string, unknown>;
}
