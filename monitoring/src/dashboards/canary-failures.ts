// 28, section 7: what failed, in which phase, and what must not be at all.
import type { PanelPlan } from './model.js';
import { NEVER_YET, NONE_IS_GOOD, one, words } from './selectors.js';

const TEST = 'path=~"$path", backend=~"$backend"';
const HALF = [12, 8] as const;
const THIRD = [8, 8] as const;

/** Which phase each signal of a failure names; of a timeout the result row knows which. */
const PHASES: readonly (readonly [signals: string, phase: string])[] = [
  ['rejected|unreachable', 'fire'],
  ['refunded', 'settlement'],
  ['timeout', 'first stamp that is missing'],
];

export function failures(): readonly PanelPlan[] {
  return [...failed(), ...flawed()];
}

function failed(): readonly PanelPlan[] {
  return [
    {
      title: 'Failures by signal, and the phase it names',
      kind: 'stacked',
      size: HALF,
      description: words(
        'Rejected or unreachable: the transfer never left (fire). Refunded: it never arrived',
        '(settlement). Timeout: the phase of the first stamp that is missing; the result row and',
        'the page of the canaries say which.',
      ),
      unit: 'suffix: tests',
      queries: one(
        withPhase(
          words(
            'sum by (reason)',
            `(increase(canary_tests_total{${TEST}, outcome="failed"}[$__rate_interval]))`,
          ),
        ),
        '{{reason}} ({{phase}})',
        { minStep: '1m' },
      ),
    },
    {
      title: 'Paths with failures in the chosen range',
      kind: 'bars',
      size: HALF,
      description: 'The ten paths with most failures.',
      unit: 'suffix: tests',
      decimals: 0,
      thresholds: NONE_IS_GOOD,
      queries: one(
        words(
          'topk(10, sum by (path, reason)',
          `(increase(canary_tests_total{${TEST}, outcome="failed"}[$__range])) > 0)`,
        ),
        '{{path}} {{reason}}',
        { emptyBecause: 'no test has failed within the range' },
      ),
    },
  ];
}

function flawed(): readonly PanelPlan[] {
  return [
    {
      title: 'Passed, but not as they should',
      kind: 'stacked',
      size: THIRD,
      description: words(
        'Late: after the soft deadline. Degraded: a stamp or event is missing. Not proven: an',
        'EventStore never answered at the close. Unobserved: our own validators lost a stamp.',
      ),
      unit: 'suffix: tests',
      queries: ['late', 'degraded', 'unknown_closes', 'unobserved_stamps'].map((name) => ({
        expr: `sum(increase(canary_${name}_total{${TEST}}[$__rate_interval]))`,
        legend: name.replace('_', ' '),
        minStep: '1m' as const,
      })),
    },
    {
      title: 'Findings: what must not be',
      kind: 'bars',
      size: THIRD,
      description: 'By kind, within the chosen range: a wrong amount, a second event, and so on.',
      unit: 'short',
      decimals: 0,
      thresholds: NONE_IS_GOOD,
      queries: one('sum by (kind) (increase(canary_findings_total[$__range]))', '{{kind}}'),
    },
    {
      title: 'Corrections and events missed by a feed',
      kind: 'bars',
      size: THIRD,
      description: 'News about tests judged before; events that only the other feed brought.',
      unit: 'short',
      decimals: 0,
      queries: [
        {
          expr: 'sum by (kind) (increase(canary_corrections_total[$__range]))',
          legend: 'corrected: {{kind}}',
        },
        {
          expr: 'sum by (missing) (increase(canary_missed_events_total[$__range]))',
          legend: 'missing in {{missing}}',
          emptyBecause: NEVER_YET,
        },
      ],
    },
  ];
}

function withPhase(expr: string): string {
  return PHASES.reduce(
    (inner, [signals, phase]) =>
      `label_replace(${inner}, "phase", "${phase}", "reason", "${signals}")`,
    expr,
  );
}
