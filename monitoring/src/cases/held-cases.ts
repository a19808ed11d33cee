// Cases of the alerts on canary paths that an operator holds: paused, or in maintenance.
import type { AlertCase, CaseSeries } from './alert-case.js';

const PATH = 'A1.1-B1.1-async';
const INFO: CaseSeries = { select: `canary_path_info{path="${PATH}"}`, values: '1x320' };
const FRAMES = { sender_frame: 'A', receiver_frame: 'B' };

function verdicts(outcome: string, reason: string, values: string): CaseSeries {
  return {
    select: `canary_tests_total{path="${PATH}",outcome="${outcome}",reason="${reason}"}`,
    values,
  };
}

/** Held by an operator: silent as long as that lasts, and heard again after it. */
export const HELD_CASES: readonly AlertCase[] = [
  {
    alert: 'CanaryNoResult',
    what: 'a paused path has no result by order; after its pause it must have one again',
    series: [
      verdicts('passed', 'none', '0+0.25x20 5x300'),
      { select: `canary_path_paused{path="${PATH}"}`, values: '0x20 1x160 0x120' },
      INFO,
    ],
    silentAt: '45m',
    firesAt: '62m',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: not one verdict was stored within 15m.`,
  },
  {
    alert: 'CanaryNoResult',
    what: 'a path in maintenance has no result that counts',
    series: [
      verdicts('passed', 'none', '0+0.25x20 5x300'),
      { select: `canary_path_maintenance{path="${PATH}"}`, values: '0x20 1x160 0x120' },
      INFO,
    ],
    silentAt: '45m',
    firesAt: '62m',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: not one verdict was stored within 15m.`,
  },
  {
    alert: 'CanaryNoResult',
    what: 'the pause of another path excuses nothing',
    series: [
      verdicts('passed', 'none', '0+0.25x80 20x200'),
      { select: 'canary_path_paused{path="A1.1-A1.2-intra"}', values: '1x300' },
      INFO,
    ],
    silentAt: '34m',
    firesAt: '36m',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: not one verdict was stored within 15m.`,
  },
  {
    alert: 'CanaryPathFailing',
    what: 'a path that is paused because it fails pages no more',
    series: [
      verdicts('failed', 'timeout', '0x23 3x200'),
      { select: `canary_path_paused{path="${PATH}"}`, values: '1x28 0x20 1x100' },
      INFO,
    ],
    silentAt: '7m',
    firesAt: '9m',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: 3 tests failed within 10m.`,
  },
  {
    alert: 'CanarySoftDeadlinePassed',
    what: 'what was fired in a maintenance may be late',
    series: [
      { select: `canary_open_tests_past_soft_deadline{path="${PATH}"}`, values: '2x100' },
      { select: `canary_path_maintenance{path="${PATH}"}`, values: '1x20 0x100' },
      INFO,
    ],
    silentAt: '12m',
    firesAt: '17m',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: 2 tests wait longer than they should.`,
  },
];
