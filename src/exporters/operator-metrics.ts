// The metrics of what operators ordered: pauses and maintenance windows.
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
