// The pipe between TEG and EventStore: batches as the consumer takes them, lag as brokers tell it.
import type { MonitoringConfig } from '../config.js';
import type { PanelPlan } from './model.js';
import { badAbove, EVENT_STORE, NO_KAFKA, one, quantile, words } from './selectors.js';

const STORE = `${EVENT_STORE}, frame=~"$frame"`;
const SIZE = [6, 7] as const;

export function kafkaPanels({ limits }: MonitoringConfig): readonly PanelPlan[] {
  return [
    {
      title: 'Consumer lag',
      kind: 'chart',
      size: SIZE,
      description: 'Records that a group of the platform has not committed yet.',
      unit: 'suffix: events',
      thresholds: badAbove(limits.kafkaLagEvents / 5, limits.kafkaLagEvents),
      queries: one('protocol_kafka_consumer_lag_events', '{{group}} {{topic}}', {
        emptyBecause: NO_KAFKA,
      }),
    },
    {
      title: 'Records written',
      kind: 'chart',
      size: SIZE,
      description: 'How fast the end of each topic moves.',
      unit: 'ops',
      queries: one('deriv(protocol_kafka_log_end_offset[5m])', '{{topic}}', {
        emptyBecause: NO_KAFKA,
      }),
    },
    {
      title: 'Batches taken',
      kind: 'chart',
      size: SIZE,
      description: 'Batches that each EventStore took from the pipe.',
      unit: 'ops',
      queries: one(
        words(
          'sum by (frame)',
          `(rate(eventstore_kafka_consumer_batches_total{${STORE}}[$__rate_interval]))`,
        ),
        'frame {{frame}}',
      ),
    },
    {
      title: 'Records in a batch, p95',
      kind: 'chart',
      size: SIZE,
      description: 'Large batches are an EventStore that catches up.',
      unit: 'short',
      queries: one(
        quantile(0.95, 'frame', 'eventstore_kafka_batch_size', STORE),
        'frame {{frame}}',
      ),
    },
  ];
}
