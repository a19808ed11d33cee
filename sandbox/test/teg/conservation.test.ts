// Money is conserved: random transfers of all kinds run side by side, with faults and kills in
// between; afterwards the books of both frames must agree with each other and with the events.
import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import type { FaultSpec } from '../../src/service/faults.js';
import { CRASH_STEPS } from '../../src/teg/crash-steps.js';
import { stepA2a } from './a2a-client.js';
import { expectBooksClosed, expectSnapshotExplained } from './books.js';
import { changeStake } from './stake-client.js';
import { callTeg, sendTransfer } from './teg-client.js';
import { type FrameName, startTegPlatform, type TegPlatform } from './teg-platform.js';

/** More of the same in a long campaign; the seed of a failed run is in its message. */
const RUNS = Number(process.env.CONSERVATION_RUNS ?? 3);

const ROUTES = [
  ['intra', 'A1/1', 'A1/2'],
  ['intra', 'B1/2', 'B1/1'],
  ['async', 'A1/1', 'A2/2'],
  ['async', 'A1/2', 'B1/1'],
  ['async', 'B1/1', 'A1/1'],
  ['2pc', 'A2/1', 'A1/1'],
  ['2pc', 'A1/1', 'B1/1'],
  ['2pc', 'B1/1', 'A2/2'],
] as const;

/** Faults that must not cost a token: the ledger survives them and the events stay true. */
const SURVIVABLE: readonly FaultSpec[] = [
  { kind: 'refuse_transfer', count: 2 },
  { kind: 'hang_transfer', count: 1, params: { when: 'after' } },
  { kind: 'slow_transfer', count: 3, params: { delay_ms: 50 } },
  { kind: 'unavailable', count: 4 },
  { kind: 'never_credit', count: 2 },
  { kind: 'delay_event', count: 3, params: { delay_ms: 80 } },
  { kind: 'duplicate_event', count: 3 },
  { kind: 'reorder_event', count: 3 },
  ...Object.keys(CRASH_STEPS).map((step) => ({
    kind: 'crash' as const,
    count: 1,
    params: { step },
  })),
];

const frameName = fc.constantFrom<FrameName>('A', 'B');
const amount = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .integer({ min: 1, max: 30_000_000 })
      .map((units) => (units / 1_000_000).toFixed(6)),
  },
  // More than anybody has: refused with insufficient_funds.
  { weight: 1, arbitrary: fc.constant('100000') },
);
const action = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('transfer' as const),
      route: fc.constantFrom(...ROUTES),
      amount,
      key: fc.integer({ min: 0, max: 1_000 }).map((number) => `key-${number}`),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      frame: frameName,
      fault: fc.constantFrom(...SURVIVABLE),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('stake' as const),
      verb: fc.constantFrom('stake', 'unstake'),
      agent: fc.constantFrom('A1/1', 'A2/1', 'B1/1'),
      amount,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('a2a' as const),
      step: fc.constantFrom('offer', 'accept', 'redeem', 'cancel'),
      number: fc.integer({ min: 1, max: 6 }),
      amount,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), frame: frameName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('snapshot' as const), frame: frameName }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('supply' as const),
      verb: fc.constantFrom('issue', 'destroy'),
      frame: frameName,
      amount,
    }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

let platform: TegPlatform;
beforeAll(async () => {
  platform = await startTegPlatform({
    topology: { initialFloat: '400.000000', refundAfterMs: 600, sweepIntervalMs: 80 },
  });
});
afterAll(() => platform.remove());

test('no token is lost or made, whatever runs together and whatever dies', {
  timeout: 60_000 * (RUNS + 1),
}, async () => {
  const scripts = fc.array(action, { minLength: 40, maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      await play(script);
      await recover();
      await expectBooksClosed(platform);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});

/** Starts a few actions at a time; TEGs that died are started again a little later. */
async function play(script: readonly Action[]): Promise<void> {
  const running = new Set<Promise<void>>();
  for (const next of script) {
    const run: Promise<void> = act(next).finally(() => running.delete(run));
    running.add(run);
    if (running.size >= 8) await Promise.race(running);
    if (script.indexOf(next) % 10 === 9) await startDead();
  }
  await Promise.all(running);
}

async function act(next: Action): Promise<void> {
  switch (next.do) {
    case 'transfer': {
      const [backend, from, to] = next.route;
      const call = { backend, from, to, amount: next.amount, key: next.key, timeoutMs: 3_000 };
      // Any answer and none at all: what happened is read from the books.
      await sendTransfer(platform, call).catch(() => undefined);
      return;
    }
    case 'stake': {
      const stake = { agent: next.agent, amount: next.amount, lockMs: 1 };
      await changeStake(platform, next.verb, stake).catch(() => undefined);
      return;
    }
    case 'a2a': {
      const token = { number: next.number, issuer: 'A1/1', holder: 'A2/1', amount: next.amount };
      // Short lives: some expire in the middle of it all.
      await stepA2a(platform, next.step, { ...token, lifetimeMs: 1_500 }).catch(() => undefined);
      return;
    }
    case 'fault':
      platform.tegs[next.frame].faults.add(next.fault);
      return;
    case 'kill':
      return platform.tegs[next.frame].kill();
    case 'snapshot':
      if (platform.tegs[next.frame].isRunning()) await snapshotUnlessKilled(next.frame);
      return;
    case 'supply': {
      const account = platform.id(next.frame === 'A' ? 'A1/1' : 'B1/1');
      const body = { account, amount: next.amount, reason: 'test' };
      const token = platform.tokens.admin;
      await callTeg(platform.tegs[next.frame], 'POST', `/teg/${next.verb}`, { token, body }).catch(
        () => undefined,
      );
    }
  }
}

/** A snapshot in the middle of it all must be explained, unless the TEG dies under it. */
async function snapshotUnlessKilled(frame: FrameName): Promise<void> {
  const teg = platform.tegs[frame];
  const lives = teg.lives();
  try {
    await expectSnapshotExplained(teg);
  } catch (error) {
    if (teg.isRunning() && teg.lives() === lives && !isAboutConnection(error)) throw error;
  }
}

function isAboutConnection(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'fetch failed';
}

async function startDead(): Promise<void> {
  for (const teg of Object.values(platform.tegs)) if (!teg.isRunning()) await teg.start();
}

/** Ends every fault, starts what is dead, and lets go of what a fault keeps in doubt. */
async function recover(): Promise<void> {
  for (const teg of Object.values(platform.tegs)) teg.faults.clear();
  await startDead();
  const token = platform.tokens.control;
  for (const teg of Object.values(platform.tegs)) {
    await callTeg(teg, 'POST', '/control/release', { token });
  }
}
