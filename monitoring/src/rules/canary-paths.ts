// Alerts on single canary paths: what the users of this very way would notice.
import type { MonitoringConfig } from '../config.js';
import { duration } from '../duration.js';
import type { Alert, AlertGroup, Runbook } from './alert.js';
import { windowOf } from './alert.js';
import { outsideHold } from './held.js';
import { CANARY_WINDOW_SECONDS } from './records.js';
import { outsideWarmUp, withFrames } from './warm-up.js';

/** Three of the ten tests of the window: two might be chance. */
const FAILURES_OF_TEN = 3;
/** Counters are extrapolated at the edges of a window: half a test is the line between them. */
const HALF = 0.5;
const NO_RESULT_SECONDS = 900;
const VERDICT = 'path, backend, outcome, reason';

interface PathRow {
  readonly alert: string;
  readonly severity: 'critical' | 'warning';
  /** Series by path and backend, counted over ten cycles. */
  readonly counted: string;
  readonly above: number;
  readonly summary: string;
  readonly what: string;
  readonly runbook: Runbook;
}

const WINDOW = duration(CANARY_WINDOW_SECONDS);

function outcome(matcher: string): string {
  return `sum by (path, backend) (path:canary_tests:increase10m{${matcher}})`;
}

const ROWS: readonly PathRow[] = [
  {
    alert: 'CanaryPathFailing',
    severity: 'critical',
    counted: outcome('outcome="failed"'),
    above: FAILURES_OF_TEN - HALF,
    summary: 'Transfers over one path fail again and again',
    what: 'tests failed',
    runbook: {
      means: 'Real tokens were sent over this path and did not arrive as its contract says.',
      look:
        'The reason (`canary_tests_total` by `reason`) and the phase that broke: ' +
        '`npm run canary -- results --path <path>`, then `canary result <test-id>`. Do all paths ' +
        'of the backend fail, or of the frame?',
      mend:
        'What the phase names: `fire` the TEG, `debit` the ledger, `initiation` the saga, ' +
        '`settlement` the receiver. Tell users of the backend while it lasts.',
    },
  },
  {
    alert: 'CanaryTransferRefunded',
    severity: 'warning',
    counted: outcome('outcome="failed",reason="refunded"'),
    above: HALF,
    summary: 'The platform gave a canary’s money back',
    what: 'tests were refunded',
    runbook: {
      means: 'The credit never came, and the sweeper returned the amount. The fee is kept.',
      look: 'Why the receiver’s TEG did not credit: its log, the way between the frames.',
      mend: 'Restore the way. Users’ transfers that are in transit are refunded as well.',
    },
  },
  {
    alert: 'CanaryObserverFault',
    severity: 'warning',
    counted: outcome('outcome="observer"'),
    above: HALF,
    summary: 'The platform did its part, and the canary’s own pipe lost it',
    what: 'tests ended as observer',
    runbook: {
      means: 'The EventStore holds what a validator did not bring. The path is not to blame.',
      look: 'Validators (`canary_validator_*`), Redis, signals in the Temporal UI.',
      mend: 'Mend our side. Until then a real loss would be found only by looking back.',
    },
  },
  {
    alert: 'CanaryDegraded',
    severity: 'warning',
    counted: 'path:canary_degraded:increase10m',
    above: HALF,
    summary: 'Transfers arrive, and an expected event never comes',
    what: 'tests lack an expected stamp or event',
    runbook: {
      means: 'Money moves, but part of what the platform tells of it is lost.',
      look: '`canary result <test-id>` names the missing (frame, stamp).',
      mend: 'A broadcast between frames, a fee that is not emitted: restore what the stamp names.',
    },
  },
  {
    alert: 'CanaryLate',
    severity: 'warning',
    counted: 'path:canary_late:increase10m',
    above: FAILURES_OF_TEN - HALF,
    summary: 'Transfers over one path arrive after their soft deadline',
    what: 'tests were late',
    runbook: {
      means: 'Every transfer still arrives; users wait.',
      look: 'The waterfall of a late test: which phase took the time?',
      mend: 'Take load off the phase that is named, before it turns into failures.',
    },
  },
  {
    alert: 'CanaryUnpaid',
    severity: 'warning',
    counted: outcome('outcome="unpaid"'),
    above: HALF,
    summary: 'A canary agent has too little to pay for its test',
    what: 'tests could not be paid',
    runbook: {
      means: 'Nothing was sent: the path is not observed until the agent is funded.',
      look: '`npm run canary -- doctor` shows the float of each agent.',
      mend: 'Fund the agent named by the path’s sender.',
    },
  },
];

export function canaryPathAlerts(config: MonitoringConfig): AlertGroup {
  const counted = ROWS.map((row) => pathAlert(config, row));
  return { name: 'canary-paths', alerts: [...counted, softDeadline(config), noResult(config)] };
}

const LINK = { name: 'canary', variables: ['path', 'backend'] } as const;

function pathAlert(config: MonitoringConfig, row: PathRow): Alert {
  // What is counted leaves out tests in maintenance: only what was there before must not page.
  const expr = outsideHold(config, withFrames(`${row.counted} > ${row.above}`), 0);
  return {
    alert: row.alert,
    severity: row.severity,
    component: 'canary-path',
    expr: outsideWarmUp(config, expr, CANARY_WINDOW_SECONDS),
    forSeconds: 0,
    summary: row.summary,
    description: `{{ $labels.path }}: {{ printf "%.0f" $value }} ${row.what} within ${WINDOW}.`,
    dashboard: LINK,
    runbook: row.runbook,
  };
}

function softDeadline(config: MonitoringConfig): Alert {
  const open = withFrames('max by (path, backend) (canary_open_tests_past_soft_deadline) > 0');
  const expr = outsideHold(config, open, CANARY_WINDOW_SECONDS);
  return {
    alert: 'CanarySoftDeadlinePassed',
    severity: 'warning',
    component: 'canary-path',
    expr: outsideWarmUp(config, expr, 0),
    forSeconds: 60,
    summary: 'Tests are still open after their soft deadline',
    description: '{{ $labels.path }}: {{ $value }} tests wait longer than they should.',
    dashboard: LINK,
    runbook: {
      means: 'The first sign of a transfer that does not arrive, minutes before the verdict.',
      look: '`npm run canary -- status`; the open tests in the Temporal UI say what they wait for.',
      mend: 'As for CanaryPathFailing; for async there is time until the platform refunds.',
    },
  };
}

function noResult(config: MonitoringConfig): Alert {
  const window = windowOf(config, NO_RESULT_SECONDS);
  const verdicts = `max by (${VERDICT}) (increase(canary_tests_total[${window}]))`;
  const silent = withFrames(`sum by (path, backend) (${verdicts}) < ${HALF}`);
  const expr = outsideHold(config, silent, NO_RESULT_SECONDS);
  return {
    alert: 'CanaryNoResult',
    severity: 'critical',
    component: 'canary-path',
    expr: outsideWarmUp(config, expr, NO_RESULT_SECONDS),
    forSeconds: 0,
    summary: 'A path has had no result at all: nobody watches it',
    description: `{{ $labels.path }}: not one verdict was stored within ${window}.`,
    dashboard: LINK,
    runbook: {
      means: 'Not a failure of the platform: the canary itself is silent.',
      look: 'The schedule `canary-cycle`, workers and task queues: `npm run canary -- status`.',
      mend: 'Start what is away; slots that were missed are counted, not repeated.',
    },
  };
}
