// Two ways to hear, on the real stack: frame A counts by Kafka and has its EventStore as evidence,
// frame B the other way round.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { VALIDATED_EVENT_TYPES } from '../../src/domain/event.js';
import type { FindingKind } from '../../src/domain/finding.js';
import type { ValidatorState } from '../../src/ports.js';
import { until } from '../support/until.js';
import type { Reactor } from './reactor.js';

let reactor: Reactor;

const CLEAN = { planned: 30, outcomes: { passed: 30 }, degraded: 0, findings: 0, clean: true };

/** Another path of the frame, so that something comes after what was lost. */
const LOST = {
  A: { path: 'A1.1-A1.2-intra', next: 'A1.2-A1.1-intra' },
  B: { path: 'B1.1-B1.2-intra', next: 'B1.2-B1.1-intra' },
} as const;

async function statesOf(frame: string): Promise<readonly ValidatorState[]> {
  const states = await reactor.admin.validators.states();
  const found = states.filter((one) => one.frame === frame);
  expect(found).toHaveLength(VALIDATED_EVENT_TYPES.length);
  return found;
}

/** How often an event of a frame was counted as lost by a feed. */
async function counted(frame: string, missing: string): Promise<number> {
  const tallies = await reactor.admin.results.tallies();
  return tallies
    .filter(({ tally, labels }) => tally === 'missed_events' && labels.frame === frame)
    .filter(({ labels }) => labels.missing === missing)
    .reduce((sum, { add }) => sum + add, 0);
}

/** Begins where no event was ever lost, and ends with the broker there. */
export function kafkaFeedCases(ground: () => Reactor): void {
  beforeAll(() => {
    reactor = ground();
  });
  afterEach(() => reactor.clearFaults());

  test('a healthy platform: 30/30 passed and clean, and every watermark moves', async () => {
    const before = await statesOf('A');
    expect(new Set(before.map(({ feed }) => feed))).toEqual(new Set(['kafka']));
    expect(await reactor.cycle()).toMatchObject(CLEAN);
    for (const { eventType, watermark } of before) {
      await until(async () => {
        const now = (await statesOf('A')).find((one) => one.eventType === eventType);
        expect(now?.watermark).toBeGreaterThan(watermark);
      });
    }
  });

  test('what the EventStore does not deliver does not matter to a frame on Kafka', async () => {
    for (const kind of ['silence_stream', 'poll_unavailable']) {
      await reactor.fault({ at: 'event-store', frame: 'A', kind });
    }
    expect(await reactor.cycle()).toMatchObject(CLEAN);
    expect((await statesOf('A')).map(({ stream }) => stream)).toEqual(
      VALIDATED_EVENT_TYPES.map(() => 'open'),
    );
    // The evidence was away, and that is no evidence of a loss.
    expect(await counted('A', 'event-store')).toBe(0);
  });

  lossCases();

  test('while the broker is away the validators say so, and go on by themselves', async () => {
    const kafka = reactor.stack.service('kafka');
    await kafka.stop();
    await until(async () => {
      const states = await statesOf('A');
      expect(states.filter(({ stream }) => stream === 'open')).toEqual([]);
    }, 60_000);
    await kafka.start();
    await until(async () => {
      const states = await statesOf('A');
      expect(states.filter(({ stream }) => stream !== 'open')).toEqual([]);
    }, 120_000);
    expect(await reactor.cycle()).toMatchObject(CLEAN);
    expect(await counted('A', 'kafka')).toBe(0);
  });
}

function lossCases(): void {
  describe('an event that the EventStore lost', () => {
    test.each([
      ['A', { outcome: 'passed', degraded: true }],
      ['B', { outcome: 'failed', failureSignal: 'timeout', phase: 'debit' }],
    ] as const)('in frame %s, is found on its test, once', async (frame, expected) => {
      const { path, next } = LOST[frame];
      await reactor.fault({
        at: 'event-store',
        frame,
        kind: 'lose_event',
        scope: { event_type: 'TokensTransferred', memo_prefix: 'canary-', count: 1 },
      });
      const lost = await reactor.fire(path);
      expect(lost).toMatchObject(expected);
      expect(await reactor.fire(next)).toMatchObject({ outcome: 'passed' });
      await until(async () => {
        const findings = await reactor.admin.results.findings(lost.testId);
        const kinds: readonly FindingKind[] = findings.map(({ kind }) => kind);
        expect(kinds).toEqual(['missing_in_event_store']);
        expect(findings[0]?.subject).toContain(`${frame}/TokensTransferred/`);
      }, 60_000);
      expect(await counted(frame, 'event-store')).toBe(1);
      expect(await counted(frame, 'kafka')).toBe(0);
    });
  });
}
