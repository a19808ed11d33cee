// Every way in which the sandbox can leak, and what the first audit after it must say.
import { accountWeight } from '../../src/adapters/supply-platform.js';
import type { DefectClass } from '../../src/domain/supply-comparison.js';
import type { SandboxFrame } from '../support/sandbox-service.js';
import { until } from '../support/until.js';
import type { ExpectedFinding, ExpectedOfLeak } from './audit-campaigns.js';
import { BUCKETS } from './audit-parts.js';
import type { AuditWorld } from './audit-world.js';

export interface SandboxLeak {
  readonly name: string;
  /** Leaks once, of nobody but canary agents; resolves when an audit can tell. */
  readonly plant: (
    world: AuditWorld,
    memo: string,
    random: () => number,
  ) => Promise<ExpectedOfLeak>;
}

const UNIT = '0.000001';

export const SANDBOX_LEAKS: readonly SandboxLeak[] = [
  { name: 'created', plant: ledgerLeak('create', 'ledger_above_events', '1') },
  { name: 'destroyed', plant: ledgerLeak('destroy', 'ledger_below_events', '-1') },
  { name: 'moved', plant: ledgerLeak('move', 'accounts_shifted', '0') },
  { name: '+1 and -1 at once', plant: ledgerLeak('offset', 'accounts_shifted', '0') },
  { name: 'settled without posting', plant: settledWithoutPosting },
  { name: 'credited twice', plant: creditedTwice },
  { name: 'refunded and settled', plant: refundedAndSettled },
  { name: 'event omitted', plant: spoiledIntra('omit_event', false) },
  { name: 'event with another amount', plant: spoiledIntra('wrong_amount', true) },
  { name: 'event with another receiver', plant: spoiledIntra('wrong_receiver', false) },
  { name: 'event lost by the pipe', plant: lost('drop_event', ({ tegUrl }) => tegUrl) },
  {
    name: 'event lost by the store',
    plant: lost('lose_event', ({ eventStoreUrl }) => eventStoreUrl),
  },
  { name: 'event forged in the log', plant: forged },
  { name: 'event erased from the log', plant: erased },
  { name: 'credit that never comes', plant: neverCredited },
];

function someFrames({ sandbox }: AuditWorld, random: () => number) {
  const [a, b] = sandbox.frames;
  return random() < 0.5 ? ([a, b] as const) : ([b, a] as const);
}

function bucketsOf(accounts: readonly string[]): readonly number[] {
  const buckets = accounts.map((account) => Number(accountWeight(account) % BigInt(BUCKETS)));
  return [...new Set(buckets)].sort((one, other) => one - other);
}

function found(...findings: readonly ExpectedFinding[]): ExpectedOfLeak {
  return { isOverdue: false, findings };
}

function ledgerLeak(kind: string, defect: DefectClass, delta: string): SandboxLeak['plant'] {
  return async (world, _memo, random) => {
    const [frame] = someFrames(world, random);
    const [account, to] = [`${frame.registry}:canary-1`, `${frame.registry}:canary-2`];
    const isPair = kind === 'move' || kind === 'offset';
    const leak = { kind, account, amount: UNIT, ...(isPair ? { to } : {}) };
    await world.call('control', `${frame.tegUrl}/control/leaks`, leak);
    const buckets = bucketsOf(isPair ? [account, to] : [account]);
    const facts = { class: defect, frame: frame.id, delta, buckets };
    return found({ kind: 'ledger_difference', ...facts });
  };
}

async function addFault(world: AuditWorld, url: string, fault: object): Promise<void> {
  await world.call('control', `${url}/control/faults`, { count: 1, ...fault });
}

/** Waits until the frame's log holds so many events of a type of the transfer. */
async function logged(
  { eventStoreUrl }: SandboxFrame,
  transferId: string,
  eventType: string,
  count = 1,
): Promise<readonly { readonly sequence: number; readonly position: number }[]> {
  return until(async () => {
    const answer = await fetch(`${eventStoreUrl}/api/v1/events?transfer_id=${transferId}`);
    const { events } = (await answer.json()) as {
      events: readonly { event_type: string; sequence: number; position: number }[];
    };
    const ofType = events.filter((one) => one.event_type === eventType);
    if (ofType.length < count) throw new Error(`${ofType.length} of ${count} ${eventType}`);
    return ofType;
  }, 60_000);
}

async function settledWithoutPosting(world: AuditWorld, memo: string, random: () => number) {
  const [from, to] = someFrames(world, random);
  const fault = { kind: 'settled_without_posting', backend: 'async', memo_prefix: memo };
  await addFault(world, to.tegUrl, fault);
  const transferId = await world.pay('async', from, to, { memo, amount: UNIT });
  await logged(to, transferId, 'CrossFrameTransferSettled');
  const buckets = bucketsOf([`${to.registry}:canary-2`]);
  const facts = { class: 'ledger_below_events', frame: to.id, delta: '-1', buckets } as const;
  return found({ kind: 'ledger_difference', ...facts, transferId });
}

async function creditedTwice(world: AuditWorld, memo: string, random: () => number) {
  const [from, to] = someFrames(world, random);
  await addFault(world, to.tegUrl, { kind: 'credit_twice', backend: 'async', memo_prefix: memo });
  const transferId = await world.pay('async', from, to, { memo, amount: UNIT });
  await logged(to, transferId, 'CrossFrameTransferSettled', 2);
  return found({ kind: 'settled_twice', class: 'match_broken', frame: to.id, transferId });
}

async function refundedAndSettled(world: AuditWorld, memo: string, random: () => number) {
  const [from, to] = someFrames(world, random);
  const fault = { kind: 'refund_and_settle', backend: 'async', memo_prefix: memo };
  await Promise.all([addFault(world, from.tegUrl, fault), addFault(world, to.tegUrl, fault)]);
  const transferId = await world.pay('async', from, to, { memo, amount: UNIT });
  await logged(to, transferId, 'CrossFrameTransferSettled');
  await logged(from, transferId, 'CrossFrameTransferRefunded');
  const facts = { class: 'match_broken', frame: from.id } as const;
  return found({ kind: 'settled_and_refunded', ...facts, transferId });
}

function spoiledIntra(kind: string, isNamed: boolean): SandboxLeak['plant'] {
  return async (world, memo, random) => {
    const [frame] = someFrames(world, random);
    const fault = { kind, event_type: 'TokensTransferred', memo_prefix: memo };
    await addFault(world, frame.tegUrl, fault);
    const transferId = await world.pay('intra', frame, frame, { memo, amount: UNIT });
    const accounts = [`${frame.registry}:canary-1`, `${frame.registry}:canary-2`];
    return found({
      kind: 'ledger_difference',
      class: 'accounts_shifted',
      frame: frame.id,
      delta: '0',
      buckets: bucketsOf(accounts),
      ...(isNamed ? { transferId } : {}),
    });
  };
}

function lost(kind: string, urlOf: (frame: SandboxFrame) => string): SandboxLeak['plant'] {
  return async (world, _memo, random) => {
    const [frame] = someFrames(world, random);
    await addFault(world, urlOf(frame), { kind, event_type: 'TokensIssued' });
    const account = `${frame.registry}:canary-1`;
    const body = { account, amount: UNIT, reason: 'lost on purpose' };
    const { position } = await world.call('admin', `${frame.tegUrl}/teg/issue`, body);
    const facts = { class: 'log_damaged', frame: frame.id, delta: '1' } as const;
    const buckets = bucketsOf([account]);
    const subject = `positions ${String(position)} and what they moved`;
    return {
      isOverdue: false,
      isMissingFirst: true,
      findings: [{ kind: 'event_missing', ...facts, buckets, subject }],
    };
  };
}

/** An event that no audit has read yet is changed inside the store. */
async function tampered(world: AuditWorld, memo: string, random: () => number, kind: string) {
  const [frame] = someFrames(world, random);
  const transferId = await world.pay('intra', frame, frame, { memo, amount: UNIT });
  const [event] = await logged(frame, transferId, 'TokensTransferred');
  if (event === undefined) throw new Error(`no event of ${transferId}`);
  const { position, sequence } = event;
  await world.call('control', `${frame.eventStoreUrl}/control/leaks`, { kind, sequence });
  const accounts = [`${frame.registry}:canary-1`, `${frame.registry}:canary-2`];
  return { frame: frame.id, position, sequence, transferId, buckets: bucketsOf(accounts) };
}

async function forged(world: AuditWorld, memo: string, random: () => number) {
  const { buckets, frame, sequence, transferId } = await tampered(world, memo, random, 'forge');
  return found(
    { kind: 'broken_chain', class: 'log_damaged', frame, subject: `sequence ${sequence}` },
    { kind: 'ledger_difference', class: 'accounts_shifted', frame, buckets, transferId },
  );
}

async function erased(world: AuditWorld, memo: string, random: () => number) {
  const { buckets, frame, position, sequence } = await tampered(world, memo, random, 'erase');
  const missing = { kind: 'event_missing', class: 'log_damaged', frame, buckets } as const;
  return {
    isOverdue: false as const,
    isMissingFirst: true,
    findings: [
      { kind: 'sequence_gap', class: 'log_damaged', frame, subject: `sequence ${sequence + 1}` },
      { ...missing, subject: `positions ${position} and what they moved` },
    ] satisfies readonly ExpectedFinding[],
  };
}

async function neverCredited(
  world: AuditWorld,
  memo: string,
  random: () => number,
): Promise<ExpectedOfLeak> {
  const [from, to] = someFrames(world, random);
  await addFault(world, to.tegUrl, { kind: 'never_credit', backend: '2pc', memo_prefix: memo });
  const transferId = await world.pay('2pc', from, to, { memo, amount: UNIT });
  return { isOverdue: true, transferId };
}
