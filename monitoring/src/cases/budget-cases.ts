// Cases of the pages on the error budget: hours of tests, a value a minute.
import type { AlertCase, CaseSeries } from './alert-case.js';

const PATH = 'A1.1-B1.1-async';
const HEALTHY_MINUTES = 60;
const LOSING_MINUTES = 240;
/** Standing still, the long windows answer the same whichever rule is evaluated first. */
const STILL_MINUTES = 20;
const TESTS_PER_MINUTE = 30;

/** An hour in which all thirty tests of each minute pass, then so many of them fail. */
function losing(failing: number): readonly CaseSeries[] {
  const counter = (outcome: string, reason: string, healthy: number, then: number): CaseSeries => ({
    select: `canary_tests_total{path="${PATH}",outcome="${outcome}",reason="${reason}"}`,
    values:
      `0+${healthy}x${HEALTHY_MINUTES} ` +
      `${healthy * HEALTHY_MINUTES + then}+${then}x${LOSING_MINUTES - 1} ` +
      `${healthy * HEALTHY_MINUTES + then * LOSING_MINUTES}x${STILL_MINUTES}`,
  });
  return [
    counter('failed', 'timeout', 0, failing),
    counter('passed', 'none', TESTS_PER_MINUTE, TESTS_PER_MINUTE - failing),
  ];
}

function burns(failed: string, threshold: string, factor: number, detectable: string): string {
  return (
    `${failed}% of all tests failed; ${threshold} burn the budget of 1 % in 30 days ${factor} ` +
    `times too fast. The smallest degradation that this page tells from noise is ${detectable} % ` +
    'of failing tests; at a noise of 0.2 % its false alarm has a chance below 1e-9 per look.'
  );
}

export const BUDGET_CASES: readonly AlertCase[] = [
  {
    alert: 'CanaryErrorBudgetBurn1h',
    what: 'a fifth of all tests fails',
    series: losing(6),
    silentAt: '1h30m',
    firesAt: '2h30m',
    keeps: [],
    says: burns('20', '14.4 % over both 1h and 5m', 14.4, '19.5'),
  },
  {
    alert: 'CanaryErrorBudgetBurn6h',
    what: 'one test of twelve fails',
    series: losing(2.5),
    silentAt: '1h30m',
    firesAt: '5h5m',
    keeps: [],
    says: burns('6.667', '6 % over both 6h and 30m', 6, '7.47'),
  },
  {
    alert: 'CanaryErrorBudgetBurn1d',
    what: 'one test of twenty fails',
    series: losing(1.5),
    silentAt: '1h30m',
    firesAt: '5h5m',
    keeps: [],
    says: burns('4', '3 % over both 1d and 2h', 3, '3.51'),
  },
  {
    alert: 'CanaryErrorBudgetBurn3d',
    what: 'one test of fifty fails',
    series: losing(0.6),
    silentAt: '1h30m',
    firesAt: '5h5m',
    keeps: [],
    says: burns('1.6', '1 % over both 3d and 6h', 1, '1.17'),
  },
];
