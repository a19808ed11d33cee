// Audits of the real sandbox one after another: without leaks, and with one planted at a seeded
// random moment. The suite runs a few of each, `npm run prove` many.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoredFinding } from '../../src/domain/supply-finding.js';
import { randomFrom } from '../domain/supply-simulation/numbers.js';
import { SANDBOX_LEAKS } from './audit-leaks.js';
import { MISSING_LIMIT_MS } from './audit-parts.js';
import type { AuditWorld } from './audit-world.js';

export interface AuditCampaign {
  readonly audits: number;
  readonly unknown: number;
  /** What was found though nothing was planted, or not found though it was; in words. */
  readonly violations: readonly string[];
}

type Report = (text: string) => void;

const LANES = 3;
const USERS = 6;

/** Users pay each other within and across both frames until `stop`; rejects if one cannot. */
export function startTraffic(world: AuditWorld, seed: number) {
  const random = randomFrom(seed);
  const [a, b] = world.sandbox.frames;
  const user = () => `user-0${1 + Math.floor(random() * USERS)}`;
  let isPaying = true;
  const lane = async () => {
    while (isPaying) {
      const [from, to] = random() < 0.5 ? [a, b] : [b, a];
      const agents = [user(), user()] as const;
      const over = { agents, amount: '0.010000', memo: 'traffic' };
      const backend = random() < 0.5 ? ('async' as const) : ('2pc' as const);
      await world.pay(backend, from, to, over);
      if (agents[0] !== agents[1]) await world.pay('intra', from, from, over);
    }
  };
  const lanes = Promise.all(Array.from({ length: LANES }, lane));
  return {
    async stop() {
      isPaying = false;
      await lanes;
    },
  };
}

/** Audits back to back under traffic: nothing may be found. */
export async function auditWithoutLeaks(
  world: AuditWorld,
  count: number,
  seed: number,
  report: Report = () => undefined,
): Promise<AuditCampaign> {
  const traffic = startTraffic(world, seed);
  const violations: string[] = [];
  let unknown = 0;
  for (let audit = 1; audit <= count; audit += 1) {
    const { findings, number, outcome } = await world.audit();
    if (outcome === 'unknown') unknown += 1;
    if (outcome === 'violated' || findings.length > 0) {
      violations.push(`certificate ${number} is ${outcome}: ${JSON.stringify(findings)}`);
    }
    if (audit % 50 === 0) report(`${audit}/${count} audits, ${violations.length} false alarms`);
  }
  await traffic.stop();
  return { audits: count, unknown, violations };
}

/** Leaks one after another under traffic, each at a random moment, the kinds in turn. */
export async function auditWithLeaks(
  world: AuditWorld,
  count: number,
  seed: number,
  report: Report = () => undefined,
): Promise<AuditCampaign> {
  const random = randomFrom(seed);
  const traffic = startTraffic(world, seed + 1);
  const violations: string[] = [];
  const first = Math.floor(random() * SANDBOX_LEAKS.length);
  await world.audit();
  for (let index = 0; index < count; index += 1) {
    const leak = SANDBOX_LEAKS[(first + index) % SANDBOX_LEAKS.length];
    if (leak === undefined) throw new Error('the table of leaks is empty');
    await pause(random() * 500);
    const expected = await leak.plant(world, `leak-${randomUUID()}`, random);
    const problem = expected.isOverdue
      ? await overdueProblem(world, expected.transferId)
      : await findingsProblem(world, expected);
    report(`${index + 1}/${count}: ${leak.name}: ${problem ?? 'found'}`);
    if (problem !== undefined) violations.push(`${leak.name}: ${problem}`);
  }
  await traffic.stop();
  return { audits: count, unknown: 0, violations };
}

/** What a finding must say of a leak; what is left out is not looked at. */
export interface ExpectedFinding {
  readonly kind: StoredFinding['kind'];
  readonly class: StoredFinding['class'];
  readonly frame: string;
  readonly delta?: string;
  readonly buckets?: readonly number[];
  readonly subject?: string;
  readonly transferId?: string;
}

export type ExpectedOfLeak =
  | {
      readonly isOverdue: false;
      readonly findings: readonly ExpectedFinding[];
      /** Its first audit only learns that a position is missing, a later one gives it up. */
      readonly isMissingFirst?: boolean;
    }
  | { readonly isOverdue: true; readonly transferId: string };

async function findingsProblem(
  world: AuditWorld,
  { findings, isMissingFirst = false }: Extract<ExpectedOfLeak, { isOverdue: false }>,
): Promise<string | undefined> {
  if (isMissingFirst) {
    await world.audit({ cutWaitMs: 200 });
    await pause(MISSING_LIMIT_MS + 100);
  }
  await world.audit();
  const standing = await world.store.findings({ standing: true, limit: 1_000 });
  const found = standing.filter((one) => one.acknowledged === undefined);
  const ids = found.map(({ id }) => id);
  await world.store.acknowledge(ids, { by: 'campaign', atMs: 0, reason: 'planted' });
  const left = [...found];
  for (const expected of findings) {
    const index = left.findIndex((one) => isAs(expected, one));
    if (index < 0) return `not found: ${JSON.stringify(expected)} among ${JSON.stringify(found)}`;
    left.splice(index, 1);
  }
  return left.length === 0 ? undefined : `found besides: ${JSON.stringify(left)}`;
}

function isAs({ transferId, ...expected }: ExpectedFinding, found: StoredFinding): boolean {
  const facts = Object.entries(expected).every(
    ([field, value]) =>
      JSON.stringify(found[field as keyof StoredFinding]) === JSON.stringify(value),
  );
  return facts && (transferId === undefined || found.transferIds.includes(transferId));
}

const OVERDUE_AFTER_MS = 500;

/** Open for longer than its limit: an alarm with its transfer, and no violation. */
async function overdueProblem(world: AuditWorld, transferId: string): Promise<string | undefined> {
  await pause(OVERDUE_AFTER_MS + 100);
  const openLimits = { intra: 60_000, async: 60_000, '2pc': OVERDUE_AFTER_MS };
  const { findings, matching, outcome } = await world.audit({ openLimits });
  for (const { tegUrl } of world.sandbox.frames) {
    await world.call('control', `${tegUrl}/control/release`, {});
  }
  if (outcome === 'violated') return `the outcome is violated: ${JSON.stringify(findings)}`;
  const overdue = matching?.overdue.map((one) => one.transferId) ?? [];
  return overdue.includes(transferId) ? undefined : `not among the overdue ${overdue.join(', ')}`;
}
