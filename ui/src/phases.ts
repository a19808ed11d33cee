// The phases of a test by name, each with when it was reached, and the first one that was not.
import type { TestView } from '../../src/admin/views/test-view.js';

export type PhaseName = 'fire' | 'accept' | 'move' | 'debit' | 'forth' | 'credit' | 'back';

export interface Phase {
  readonly name: PhaseName;
  /** The frames that it speaks of, the one that acts first. */
  readonly frames: readonly string[];
  readonly atMs: number | undefined;
  readonly state: 'done' | 'missing' | 'incomplete' | 'unreached' | 'waiting';
}

interface Step {
  readonly name: PhaseName;
  readonly frames: readonly string[];
  readonly atMs: number | undefined;
  /** Whether the verdict hangs on it: an expected phase alone makes a test degraded. */
  readonly decides: boolean;
}

export interface Ends {
  readonly senderFrame: string;
  readonly receiverFrame: string;
}

export function phasesOf(test: TestView, ends: Ends): readonly Phase[] {
  const steps = [
    { name: 'fire', frames: [], atMs: test.firedAt === undefined ? undefined : 0, decides: true },
    { name: 'accept', frames: [], atMs: acceptedAfterMs(test), decides: true },
    ...stepsAfter(test, ends),
  ] as const satisfies readonly Step[];
  const decided = test.result !== undefined;
  const firstGap = steps.findIndex(({ atMs }) => atMs === undefined);
  return steps.map(({ atMs, decides, frames, name }, index) => ({
    ...{ name, frames, atMs },
    state:
      atMs !== undefined
        ? 'done'
        : !decided
          ? 'waiting'
          : index > firstGap
            ? 'unreached'
            : decides && test.result?.outcome !== 'passed'
              ? 'missing'
              : 'incomplete',
  }));
}

/** An event tells as well that the platform took the transfer, where its answer was lost. */
function acceptedAfterMs(test: TestView): number | undefined {
  if (test.acceptedAfterMs !== undefined) return test.acceptedAfterMs;
  const times = test.stamps.flatMap(({ committedAfterMs }) => committedAfterMs ?? []);
  return times.length === 0 ? undefined : Math.max(0, Math.min(...times));
}

function stepsAfter(test: TestView, { receiverFrame, senderFrame }: Ends): readonly Step[] {
  const committed = (stamp: string, frame: string) => stampAt(test, stamp, frame)?.committedAfterMs;
  const stored = (stamp: string, frame: string) => storedAfterMs(test, stamp, frame);
  const [one, other] = [senderFrame, receiverFrame];
  const crosses = one !== other;
  if (test.backend === 'async') {
    const debit = committed('cf_initiated', one) ?? committed('tokens_xfer', one);
    const credit = committed('cf_settled_local', other) ?? committed('cf_settled_remote', one);
    if (!crosses) {
      return [
        { name: 'debit', frames: [one], atMs: debit, decides: true },
        { name: 'credit', frames: [one], atMs: credit, decides: true },
      ];
    }
    return [
      { name: 'debit', frames: [one], atMs: debit, decides: true },
      { name: 'forth', frames: [one, other], atMs: stored('cf_initiated', other), decides: false },
      { name: 'credit', frames: [other], atMs: credit, decides: true },
      {
        name: 'back',
        frames: [other, one],
        atMs: stored('cf_settled_remote', one),
        decides: false,
      },
    ];
  }
  const debit = committed('tokens_xfer', one);
  if (!crosses) return [{ name: 'move', frames: [one], atMs: debit, decides: true }];
  return [
    { name: 'debit', frames: [one], atMs: debit, decides: true },
    {
      name: 'credit',
      frames: [other],
      atMs: committed('cf_settled_local', other) ?? committed('cf_settled_remote', one),
      decides: false,
    },
    { name: 'back', frames: [other, one], atMs: stored('cf_settled_remote', one), decides: false },
  ];
}

export function stampAt(test: TestView, stamp: string, frame: string) {
  return test.stamps.find((one) => one.stamp === stamp && one.frame === frame);
}

/** When a frame's own EventStore had the event, by that store's clock. */
export function storedAfterMs(test: TestView, stamp: string, frame: string): number | undefined {
  const found = stampAt(test, stamp, frame);
  if (found === undefined || test.firedAt === undefined) return undefined;
  return Math.max(0, Date.parse(found.storedAt) - Date.parse(test.firedAt));
}
