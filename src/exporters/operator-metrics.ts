// The metrics of what operators ordered, and of the retention of results.
import { counter, gauge } from './metric-row.js';

const PATH = ['path', 'backend'] as const;

export const OPERATOR_METRICS = {
  pathPaused: gauge('canary_path_paused', 'Whether the path is not fired, by order', PATH),
  pathMaintenance: gauge(
    'canary_path_maintenance',
    'Whether the results of the path are marked as of a maintenance, and not counted',
    PATH,
  ),
  maintenanceTests: counter(
    'canary_maintenance_tests_total',
    'Stored verdicts of tests in a maintenance window; no other counter of results has them',
    [...PATH, 'outcome'],
  ),
  pruned: counter('canary_pruned_rows_total', 'Rows deleted after their retention', ['what']),
  oldestResult: gauge(
    'canary_oldest_result_timestamp_seconds',
    'The verdict of the oldest result that is kept; 0 before the first',
    [],
  ),
  cyclePaused: gauge('canary_cycle_paused_tests', 'Paths that the last closed cycle left out', []),
  cycleMaintenance: gauge(
    'canary_cycle_maintenance_tests',
    'Tests of the last closed cycle in a maintenance window',
    [],
  ),
  cycleJudged: gauge(
    'canary_cycle_judged',
    'Whether anything was left to judge the last closed cycle by: without it clean says nothing',
    [],
  ),
};
