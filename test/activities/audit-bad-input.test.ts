// A frame that answers nonsense: the text of what was wrong is a finding, the outcome is unknown or
// violated, never ok, and nothing crashes. Usable answers close what was not usable.
import { describe, expect, test } from 'vitest';
import { createSupplyAuditor } from '../../src/activities/supply-auditor.js';
import { parseLogLine } from '../../src/adapters/supply-event-wire.js';
import { readProjection, readSnapshot } from '../../src/adapters/supply-snapshot-wire.js';
import type { CutAnswer } from '../../src/domain/supply-frame-audit.js';
import type { LogPageAnswer, SupplyPlatform } from '../../src/ports.js';
import {
  asSupplyPlatform,
  BUCKETS,
  createSimulated,
  deliver,
  FRAMES,
} from '../domain/supply-simulation/platform.js';
import { createMemorySupply } from '../support/memory-supply.js';

const SNAPSHOT = {
  frame: 'A',
  producer: 'teg-a',
  position: 7,
  clock: '2026-11-23T18:30:36.123Z',
  totals: { circulating: '3.000000', in_transit: '-1.000000', issuance: '-2.000000' },
  buckets: [
    { bucket: 1, sum: '1.000000', weighted_sum: '12345678901234567890123' },
    { bucket: 0, sum: '2.000000', weighted_sum: '-1' },
  ],
  unclassed: [],
  marker_position: 8,
};

describe('a snapshot on the wire', () => {
  test('is read to the last unit, its buckets in order', () => {
    expect(readSnapshot(JSON.stringify(SNAPSHOT), 'A', 2)).toMatchObject({
      kind: 'cut',
      cut: {
        circulating: 3_000_000n,
        inTransit: -1_000_000n,
        issuance: -2_000_000n,
        buckets: [
          { sum: 2_000_000n, weightedSum: -1n },
          { sum: 1_000_000n, weightedSum: 12_345_678_901_234_567_890_123n },
        ],
      },
    });
  });

  const totals = (over: object) => ({ totals: { ...SNAPSHOT.totals, ...over } });
  test.each([
    ['below zero', totals({ circulating: '-3.000000' }), 'circulating is -3000000 base units'],
    ['seven places', totals({ circulating: '3.0000001' }), '"3.0000001" is no amount of AVT'],
    ['a number', totals({ circulating: 3 }), 'totals.circulating'],
    ['other sums', totals({ circulating: '4.000000' }), 'buckets hold 3000000 base units'],
    ['another frame', { frame: 'B' }, 'of frame B, asked was A'],
    ['one bucket twice', { buckets: [SNAPSHOT.buckets[0], SNAPSHOT.buckets[0]] }, '2 buckets'],
    ['a negative position', { position: -1 }, 'position'],
    ['no position', { position: undefined }, 'position'],
    ['half a unit', { buckets: [{ bucket: 0, sum: '3', weighted_sum: '1.5' }] }, 'integer'],
  ])('with %s is of no use', (_name, over, problem) => {
    const answer = readSnapshot(JSON.stringify({ ...SNAPSHOT, ...over }), 'A', 2);
    expect(answer).toEqual({ kind: 'unusable', problem: expect.stringContaining(problem) });
  });

  test.each(['', 'null', '[]', '<html>'])('%j is no snapshot and no projection', (text) => {
    expect(readSnapshot(text, 'A', 2).kind).toBe('unusable');
    expect(readProjection(text, 'A').kind).toBe('unusable');
  });
});

describe('an event on the wire', () => {
  const stored = {
    producer: 'teg-a',
    position: 1,
    event_type: 'TokensIssued',
    source_frame: 'A',
    committed_at: '2026-11-23T18:30:36.123Z',
    transfer_id: null,
    backend: null,
    data: { account: 'A1:canary-1', amount: '1.000000', reason: 'float' },
    sequence: 1,
    stored_at: '2026-11-23T18:30:36.223Z',
    foreign_from: null,
    prev_hash: '0'.repeat(64),
    hash: 'any',
  };
  const contentOf = (over: object) => {
    const entry = parseLogLine(JSON.stringify({ ...stored, ...over }), 'A');
    return typeof entry === 'string' ? entry : entry.content;
  };
  const staked = { account: 'A1:a', stake_account: 'stake/A/A1:a', amount: '2', unlock_at: 'x' };
  const released = { account: 'A1:a', escrow_account: 'escrow/A/A1:b', amount: '2' };

  test.each([
    ['an issue', {}, { kind: 'issued', amountBaseUnits: 1_000_000n }],
    ['a stake', { event_type: 'TokensStaked', data: staked }, { from: 'A1:a', to: 'stake/A/A1:a' }],
    [
      'a release',
      { event_type: 'A2ATokenReleased', data: released },
      { from: 'escrow/A/A1:b', to: 'A1:a', amountBaseUnits: 2_000_000n },
    ],
    ['an unknown type', { event_type: 'Burnt' }, { problem: 'unknown event type "Burnt"' }],
    ['a type of Object', { event_type: 'toString' }, { kind: 'unreadable' }],
    ['too many digits', { data: { account: 'a', amount: '1.0000001' } }, { kind: 'unreadable' }],
  ])('%s', (_name, over, content) => {
    expect(contentOf(over)).toMatchObject({ kind: 'own', event: content });
  });

  test('without a position it has no place, without a chain it is no event', () => {
    expect(contentOf({ position: 'one' })).toMatchObject({ kind: 'unplaceable' });
    expect(contentOf({ sequence: 'one' })).toContain('sequence');
    expect(contentOf({ foreign_from: 'B', position: 'one' })).toEqual({ kind: 'foreign' });
  });
});

type Spoil = (platform: SupplyPlatform) => Partial<SupplyPlatform>;

/** One honest audit unless said otherwise, one of a spoiled platform, one honest again. */
async function threeAudits(spoil: Spoil, first: 'honest' | 'spoiled' = 'honest') {
  const simulated = createSimulated(7);
  const honest = asSupplyPlatform(simulated);
  const spoiled = { ...honest, ...spoil(honest) };
  const store = createMemorySupply();
  const audit = async (platform: SupplyPlatform, auditId: string) => {
    for (const frame of FRAMES) deliver(simulated, frame, 1_000);
    const auditor = createSupplyAuditor({
      clock: { nowMs: () => simulated.nowMs },
      platform,
      store,
      settings: {
        frames: FRAMES,
        bucketCount: BUCKETS,
        intervalMs: 60_000,
        cutWaitMs: 5_000,
        missingLimitMs: 30_000,
        partEventsMax: 100_000,
        openLimits: { intra: 1e9, async: 1e9, '2pc': 1e9 },
      },
      hashOf: (text) => String(text.length),
      wait: async (ms) => {
        simulated.nowMs += ms;
      },
      onProgress: () => undefined,
    });
    return (await auditor.audit({ auditId, slotMs: undefined })).document;
  };
  await audit(first === 'honest' ? honest : spoiled, 'before');
  return { during: await audit(spoiled, 'during'), after: await audit(honest, 'after') };
}

/** Changes what frame A answers to a cut. */
function cutOfA(change: (answer: CutAnswer) => CutAnswer): Spoil {
  return ({ cut }) => ({
    cut: async (frame) => {
      const answer = await cut(frame);
      return frame === 'A' ? change(answer) : answer;
    },
  });
}

function pageOfA(change: (answer: LogPageAnswer) => LogPageAnswer): Spoil {
  return ({ page }) => ({
    page: async (frame, after, limit) => {
      const answer = await page(frame, after, limit);
      return frame === 'A' ? change(answer) : answer;
    },
  });
}

const backwards = cutOfA((answer) =>
  answer.kind === 'cut' ? { kind: 'cut', cut: { ...answer.cut, position: 1 } } : answer,
);
const otherProducer = cutOfA((answer) =>
  answer.kind === 'cut' ? { kind: 'cut', cut: { ...answer.cut, producer: 'teg-x' } } : answer,
);

/** As a TEG without snapshots is seen: by the EventStore's own sums. */
const withoutSnapshot = cutOfA((answer) =>
  answer.kind === 'cut'
    ? { kind: 'cut', cut: { ...answer.cut, grade: 'projection', buckets: [] } }
    : answer,
);
const otherBuckets = cutOfA((answer) =>
  answer.kind === 'cut'
    ? { kind: 'cut', cut: { ...answer.cut, buckets: answer.cut.buckets.slice(1) } }
    : answer,
);

describe('an audit of a frame', () => {
  test.each([
    ['that answers nonsense', cutOfA(() => ({ kind: 'unusable', problem: 'odd' })), 'odd'],
    ['whose position goes backwards', backwards, 'the position went backwards, to 1'],
    ['whose snapshot is of another producer', otherProducer, 'of producer teg-x'],
    ['that has no snapshot any more', withoutSnapshot, 'there is none any more'],
    ['whose snapshot has other buckets', otherBuckets, `the books have ${BUCKETS}`],
    ['whose log is nonsense', pageOfA(() => ({ kind: 'unusable', problem: 'odd' })), 'odd'],
  ] satisfies [string, Spoil, string][])(
    '%s: unknown, told, and closed',
    async (_n, spoil, text) => {
      const { after, during } = await threeAudits(spoil);
      expect(during.outcome).toBe('unknown');
      expect(during.findings).toMatchObject([
        { class: 'answer_unusable', frame: 'A', evidence: expect.stringContaining(text) },
      ]);
      expect(after.closed).toEqual(during.findings.map(({ id }) => id));
      expect(after.outcome).toBe('ok');
    },
  );

  test.each([
    ['TEG', cutOfA(() => ({ kind: 'away', reason: 'gone fishing' }))],
    ['EventStore', pageOfA(() => ({ kind: 'away', reason: 'gone fishing' }))],
  ] satisfies [string, Spoil][])(
    'whose %s is away: unknown, why, no finding',
    async (_n, spoil) => {
      const { after, during } = await threeAudits(spoil);
      expect(during).toMatchObject({ outcome: 'unknown', findings: [] });
      expect(during.frames[0]?.reason).toContain('gone fishing');
      expect(during.frames[1]?.outcome).toBe('ok');
      expect(after.outcome).toBe('ok');
    },
  );

  test('that never had snapshots: by its sums, which is said, until it has some', async () => {
    const { after, during } = await threeAudits(withoutSnapshot, 'spoiled');
    const seen = [during, after].map(({ frames, outcome }) => [
      outcome,
      frames[0]?.decision?.grade,
    ]);
    expect(seen).toEqual([
      ['ok', 'projection'],
      ['ok', 'snapshot'],
    ]);
  });

  test('whose chain is broken: violated, by its sequence', async () => {
    const forge = pageOfA((answer) =>
      answer.kind === 'page'
        ? {
            ...answer,
            entries: answer.entries.map((one, index) =>
              index === 0 ? { ...one, expectedHash: 'other' } : one,
            ),
          }
        : answer,
    );
    const { after, during } = await threeAudits(forge);
    expect(during.outcome).toBe('violated');
    expect(during.findings[0]).toMatchObject({ kind: 'broken_chain', class: 'log_damaged' });
    expect(after.standing).toContain(during.findings[0]?.id);
  });
});
