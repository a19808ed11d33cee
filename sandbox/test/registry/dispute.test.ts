// Disputes: every pair of phase and transition, and that no sequence leaves the drawing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DISPUTE_PHASES,
  DISPUTE_TRANSITIONS,
  type DisputePhase,
  type DisputeTransition,
  stepDispute,
} from '../../src/registry/dispute.js';

/** The drawing as its reader sees it: phase -> transition -> phase after it. */
const DRAWN: Readonly<Record<DisputePhase, Partial<Record<DisputeTransition, DisputePhase>>>> = {
  opened: { evidence: 'evidence', dismiss: 'dismissed' },
  evidence: { evidence: 'evidence', voting: 'voting', dismiss: 'dismissed' },
  voting: { resolve: 'resolved', dismiss: 'dismissed' },
  resolved: {},
  dismissed: {},
};

describe('every phase and transition', () => {
  const pairs = DISPUTE_PHASES.flatMap((phase) =>
    DISPUTE_TRANSITIONS.map((transition) => [phase, transition] as const),
  );
  test.each(pairs)('%s, %s', (phase, transition) => {
    const after = DRAWN[phase][transition];
    const expected = after ? { ok: true, phase: after } : { ok: false, code: 'illegal_transition' };
    expect(stepDispute(phase, transition)).toMatchObject(expected);
  });
});

test('a dispute that is resolved was voted on, and one that was voted on had evidence', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...DISPUTE_TRANSITIONS)), (transitions) => {
      const seen: DisputePhase[] = ['opened'];
      for (const transition of transitions) {
        const step = stepDispute(seen.at(-1) ?? 'opened', transition);
        if (step.ok) seen.push(step.phase);
      }
      if (seen.includes('resolved')) expect(seen).toContain('voting');
      if (seen.includes('voting')) expect(seen).toContain('evidence');
      const closed = seen.filter((phase) => phase === 'resolved' || phase === 'dismissed');
      expect(closed.length).toBeLessThanOrEqual(1);
      expect(closed.length === 0 || seen.at(-1) === closed[0]).toBe(true);
    }),
  );
});
