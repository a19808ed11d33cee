// The families of the platform's services, as they show them on their /metrics.

export const PLATFORM_METRICS = [
  // Every service: the HTTP middleware and the process.
  'http_requests_total',
  'http_request_duration_seconds',
  'http_request_size_bytes',
  'http_response_size_bytes',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  // EventStore.
  'eventstore_events_total',
  'eventstore_events_by_type',
  'eventstore_unique_agents',
  'eventstore_ledger_age_seconds',
  'eventstore_ledger_freshness_seconds',
  'eventstore_events_ingested_total',
  'eventstore_kafka_consumer_batches_total',
  'eventstore_kafka_batch_size',
  'eventstore_info',
  // TEG.
  'teg_transfers_total',
  'teg_fees_collected_total',
  'teg_refusals_total',
  'teg_outbox_head_position',
  'teg_outbox_published_position',
  // Registry: mTLS enrolment, and OPA where it is on.
  'ironhand_enrolled_agents',
  'ironhand_revoked_agents',
  'ironhand_spire_agent_entries',
  'ironhand_orphan_entries',
  'ironhand_missing_entries',
  'opa_decisions_total',
  'opa_decision_latency_seconds',
  // The sandbox's background traffic.
  'traffic_requests_total',
] as const;
