// The metrics of ours that no dashboard uses, each with the reason why it is shown all the same. A
// test fails on a metric that is neither used nor listed, and on a line without a metric.

const SIZES = 'long-term growth of histories: asked for when an upgrade or a rule changes them';
const CYCLE = 'what the last cycle left out: the page shows it, the panels show the paths';
const KEPT = 'moves once a day: asked when the database grows though results should be deleted';
const DETAIL = 'asked by hand, by label, once a panel of Temporal has shown that something is slow';

export const AD_HOC_METRICS: Readonly<Record<string, string>> = {
  canary_build_info: 'which version runs: asked after a release, and joined by hand to a change',
  canary_cycle_started_timestamp_seconds: 'with the close it tells how long a cycle took',
  canary_cycle_judged: CYCLE,
  canary_cycle_maintenance_tests: CYCLE,
  canary_cycle_paused_tests: CYCLE,
  canary_maintenance_tests_total: 'kept apart from every ratio on purpose: asked after a window',
  canary_oldest_result_timestamp_seconds: KEPT,
  canary_pruned_rows_total: KEPT,
  canary_exporter_unknown_tallies: 'other than 0 only after a path was taken out; rules look at it',
  canary_redis_max_memory_bytes: 'configuration, 0 where unlimited: to hold against what is used',
  protocol_governance_turnout_cast_weight: 'a part of the ratio that is shown: for exact figures',
  protocol_governance_turnout_total_weight: 'a part of the ratio that is shown: for exact figures',
  temporal_server_history_size_bytes: SIZES,
  temporal_server_history_count_events: SIZES,
  temporal_server_service_requests_total: DETAIL,
  temporal_server_persistence_requests_total: DETAIL,
  temporal_server_visibility_persistence_latency_seconds: DETAIL,
  temporal_server_task_latency_queue_seconds: DETAIL,
};
