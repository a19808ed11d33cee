// A process that runs one audit and may be killed at any moment of it: started by a test with the
// audit's id, the database and the frames as JSON.
import { pino } from 'pino';
import { openPostgres } from '../../src/adapters/postgres-connection.js';
import { createPostgresSupply } from '../../src/adapters/postgres-supply.js';
import type { SandboxFrame } from '../support/sandbox-service.js';
import { auditorOf, platformOf, settingsOf } from './audit-parts.js';

interface Order {
  readonly auditId: string;
  readonly databaseUrl: string;
  readonly frames: readonly [SandboxFrame, SandboxFrame];
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
const postgres = openPostgres({
  url: order.databaseUrl,
  connectionsMax: 2,
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 30_000,
  logger: pino({ level: 'silent' }),
});
const store = createPostgresSupply(postgres);
const auditor = auditorOf(store, platformOf(order), settingsOf(order));
process.stdout.write('begins\n');
const { document } = await auditor.audit({ auditId: order.auditId, slotMs: undefined });
process.stdout.write(`stored ${document.number}\n`);
await postgres.close();
