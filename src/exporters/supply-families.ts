// The supply audits as metrics: the last certificate, what stands, how long ago each frame was
// proven. Every series is there from the start.

import { formatAmount } from '../domain/amount.js';
import type { FrameId } from '../domain/frame.js';
import { AUDIT_OUTCOMES } from '../domain/supply-certificate.js';
import { DEFECT_CLASSES } from '../domain/supply-finding.js';
import type { AuditOverview } from '../ports.js';
import { type Family, familyOf } from './family.js';
import { METRICS } from './metrics.js';

/** The label of the verdict over all frames, beside those of single frames. */
const ALL = 'all';

export function supplyFamilies(
  { conclusive, last, standing }: AuditOverview,
  frames: readonly FrameId[],
  nowMs: number,
): readonly Family[] {
  const document = last?.document;
  const outcomes = new Map<string, string>([
    ...(document?.frames ?? []).map(({ frame, outcome }) => [frame, outcome] as const),
    ...(document === undefined ? [] : [[ALL, document.outcome] as const]),
  ]);
  const durationMs = document === undefined ? 0 : document.decidedAtMs - document.startedAtMs;
  const partOf = (frame: FrameId) => document?.frames.find((one) => one.frame === frame);
  return [
    familyOf(
      METRICS.auditOutcome,
      [...frames, ALL].flatMap((frame) =>
        AUDIT_OUTCOMES.map((outcome) => ({
          labels: { frame, outcome },
          value: outcomes.get(frame) === outcome,
        })),
      ),
    ),
    familyOf(
      METRICS.auditDelta,
      frames.map((frame) => ({
        labels: { frame },
        value: formatAmount(conclusive[frame]?.deltaBaseUnits ?? 0n),
      })),
    ),
    familyOf(
      METRICS.auditAge,
      frames.map((frame) => {
        const atMs = conclusive[frame]?.atMs;
        const ageMs = atMs === undefined ? Number.POSITIVE_INFINITY : Math.max(0, nowMs - atMs);
        return { labels: { frame }, value: ageMs / 1_000 };
      }),
    ),
    familyOf(METRICS.auditDuration, [{ labels: {}, value: durationMs / 1_000 }]),
    familyOf(
      METRICS.auditCutWait,
      frames.map((frame) => ({
        labels: { frame },
        value: (partOf(frame)?.cutWaitMs ?? 0) / 1_000,
      })),
    ),
    familyOf(
      METRICS.auditStanding,
      DEFECT_CLASSES.flatMap((defect) =>
        [false, true].map((acknowledged) => ({
          labels: { class: defect, acknowledged: String(acknowledged) },
          value: standing.filter((one) => one.class === defect && one.acknowledged === acknowledged)
            .length,
        })),
      ),
    ),
    familyOf(METRICS.auditOpen, [{ labels: {}, value: document?.matching?.open ?? 0 }]),
    familyOf(METRICS.auditOverdue, [
      { labels: {}, value: document?.matching?.overdue.length ?? 0 },
    ]),
  ];
}
