// The whole page: its families and label sets, every series from the start, and what is left of it
// while a source is away.
import { beforeAll, describe, expect, test } from 'vitest';
import { derivePaths } from '../../src/domain/path.js';
import { scoreboardOf } from '../../src/domain/scoreboard.js';
import { METRICS } from '../../src/exporters/metrics.js';
import type { SourceState } from '../../src/exporters/source.js';
import type { Float } from '../../src/ports.js';
import { createMemoryResults } from '../support/memory-results.js';
import { createMemoryStamps } from '../support/memory-stamps.js';
import { REFERENCE, testOf } from '../support/samples.js';
import {
  exporterOver,
  manualClock,
  NOW_MS,
  SETTINGS,
  seriesNamed,
  seriesOf,
  stateOf,
} from './page.js';

/** Family, type, labels, and how many series a reactor has that has not done anything yet. */
const GOLDEN = `
canary_tests_total counter path,backend,outcome,reason 222
canary_late_total counter path,backend 30
canary_degraded_total counter path,backend 30
canary_unknown_closes_total counter path,backend 30
canary_unobserved_stamps_total counter path,backend 30
canary_test_latency_seconds histogram path,backend 510
canary_test_committed_latency_seconds histogram path,backend 510
canary_observer_share_seconds histogram path,backend 480
canary_findings_total counter kind 10
canary_missed_events_total counter frame,event_type,missing 20
canary_corrections_total counter kind 2
canary_missed_slots_total counter - 1
canary_cycles_total counter clean 2
supply_audit_certificates_total counter outcome 3
supply_audit_findings_total counter class 6
supply_audit_missed_total counter - 1
supply_audit_outcome gauge frame,outcome 9
supply_audit_delta_avt gauge frame 2
supply_audit_last_conclusive_age_seconds gauge frame 2
supply_audit_duration_seconds gauge - 1
supply_audit_cut_wait_seconds gauge frame 2
supply_audit_standing_findings gauge class,acknowledged 12
supply_audit_open_transfers gauge - 1
supply_audit_overdue_transfers gauge - 1
protocol_supply_issued_avt gauge frame 3
protocol_supply_destroyed_avt gauge frame 3
protocol_supply_circulating_avt gauge frame,source 6
protocol_supply_in_transit_avt gauge frame,source 6
protocol_supply_delta_avt gauge frame,source 6
protocol_federation_emitted_events gauge frame,peer 2
protocol_federation_sent_events gauge frame,peer 2
protocol_federation_received_events gauge frame,peer 2
protocol_federation_drift_events gauge frame,peer 2
protocol_federation_drift_seconds gauge frame,peer 2
protocol_federation_peer_status gauge registry,peer,status 24
protocol_governance_proposals gauge registry,status 12
protocol_governance_turnout_ratio gauge registry 3
protocol_governance_turnout_cast_weight gauge registry 3
protocol_governance_turnout_total_weight gauge registry 3
protocol_disputes gauge registry,phase 15
protocol_a2a_tokens gauge frame,state 10
protocol_a2a_amount_avt gauge frame,state 10
protocol_a2a_escrowed_avt gauge frame 2
protocol_staking_total_value_locked_avt gauge frame 2
protocol_staking_stakers gauge frame 2
protocol_staking_voting_power gauge frame 2
protocol_transfers_total counter frame,backend,result,traffic 28
protocol_fees_collected_avt_total counter frame,traffic 4
protocol_recent_transfers gauge frame,backend,traffic 12
protocol_recent_volume_avt gauge frame,backend,traffic 12
protocol_recent_fees_avt gauge frame,backend,traffic 12
protocol_recent_staked_avt gauge frame 2
protocol_recent_unstaked_avt gauge frame 2
protocol_recent_span_seconds gauge frame 2
protocol_canary_unexplained_transfers gauge frame 2
protocol_canary_unexplained_volume_avt gauge frame 2
protocol_canary_unexplained_fees_avt gauge frame 2
canary_store_up gauge store 2
canary_store_ping_seconds gauge store 2
canary_postgres_connections gauge owner,state 8
canary_postgres_connections_max gauge - 1
canary_postgres_database_bytes gauge - 1
canary_redis_clients gauge - 1
canary_redis_used_memory_bytes gauge - 1
canary_redis_max_memory_bytes gauge - 1
canary_redis_evicted_keys_total counter - 1
protocol_kafka_log_end_offset gauge topic 1
protocol_kafka_consumer_lag_events gauge group,topic 1
canary_last_success_timestamp_seconds gauge path,backend 30
canary_warm_up_active gauge - 1
canary_path_paused gauge path,backend 30
canary_path_maintenance gauge path,backend 30
canary_maintenance_tests_total counter path,backend,outcome 150
canary_pruned_rows_total counter what 4
canary_oldest_result_timestamp_seconds gauge - 1
canary_cycle_paused_tests gauge - 1
canary_cycle_maintenance_tests gauge - 1
canary_cycle_judged gauge - 1
canary_cycle_planned_tests gauge - 1
canary_cycle_tests gauge outcome 5
canary_cycle_lost_tests gauge - 1
canary_cycle_late_tests gauge - 1
canary_cycle_degraded_tests gauge - 1
canary_cycle_unknown_tests gauge - 1
canary_cycle_findings gauge - 1
canary_cycle_clean gauge - 1
canary_cycle_started_timestamp_seconds gauge - 1
canary_cycle_closed_timestamp_seconds gauge - 1
canary_cycle_latency_seconds gauge backend,statistic 0
canary_open_tests gauge path,backend 30
canary_open_tests_past_soft_deadline gauge path,backend 30
canary_validator_stream_state gauge frame,event_type,state 40
canary_validator_caught_up gauge frame,event_type 10
canary_validator_reported_timestamp_seconds gauge frame,event_type 10
canary_validator_watermark_gap_events gauge frame,event_type 0
canary_validator_lag_seconds gauge frame,event_type 0
canary_validator_info gauge frame,event_type,feed,worker 0
canary_validator_events_total counter frame,event_type 10
canary_validator_stamped_total counter frame,event_type 10
canary_validator_malformed_total counter frame,event_type 10
canary_validator_unregistered_total counter frame,event_type 10
canary_validator_backstopped_total counter frame,event_type 10
canary_validator_reconnects_total counter frame,event_type 10
canary_workers_alive gauge - 1
canary_worker_dependency_up gauge worker,dependency 0
canary_agent_float_avt gauge agent,state 12
canary_agent_active gauge agent 6
canary_path_info gauge path,backend,sender,receiver,sender_frame,receiver_frame 30
canary_cycle_interval_seconds gauge - 1
canary_deadline_seconds gauge backend,deadline 6
canary_build_info gauge version,node_version 1
canary_exporter_source_up gauge source 21
canary_exporter_source_duration_seconds gauge source 21
canary_exporter_unknown_tallies gauge - 1
`
  .trim()
  .split('\n')
  .map((row) => row.split(' '));

/** The rows whose series all begin at 0; the others say what is known from the start. */
const BEGINS_AT_0 = GOLDEN.map(([name = '']) => name).filter(
  (name) =>
    !/_info$|_interval_|_deadline_seconds|_exporter_|_agent_|stream_state|_avt$|_age_/.test(name) &&
    !/_peer_status|_turnout_ratio|_voting_power|_store_up/.test(name),
);

const clock = manualClock();

describe('a reactor that has not done anything yet', () => {
  let series: ReadonlyMap<string, string> = new Map();
  beforeAll(async () => {
    series = seriesOf(await exporterOver().metrics());
  });

  test.each(GOLDEN)('%s is a %s of %s with %s series', (name = '', type, labels, count) => {
    const metric = Object.values(METRICS).find((one) => one.name === name);
    expect(metric?.type).toBe(type);
    expect(metric?.labels.join(',') || '-').toBe(labels);
    const own = [...series].filter(([one]) => nameOf(one, type) === name);
    expect(own).toHaveLength(Number(count));
    expect(own.filter(([one]) => (labelNames(one).join(',') || '-') !== labels)).toEqual([]);
    if (BEGINS_AT_0.includes(name)) expect(own.filter(([, value]) => value !== '0')).toEqual([]);
  });

  test('the table of metrics has no other rows', () => {
    expect(
      Object.values(METRICS)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(GOLDEN.map(([name]) => name).sort());
  });

  test('a backend without refunds has no such reason, and only failures have one', () => {
    const tests = [...series.keys()].filter((one) => one.startsWith('canary_tests_total'));
    expect(tests.filter((one) => /refunded/.test(one) && !/-async"/.test(one))).toEqual([]);
    expect(tests.filter((one) => /refunded/.test(one))).toHaveLength(12);
    expect(
      tests.filter((one) => /outcome="failed"/.test(one) === /reason="none"/.test(one)),
    ).toEqual([]);
  });

  test('one registry alone has its two paths and five validators', async () => {
    const [frame] = REFERENCE.frames;
    const [registry] = frame?.registries ?? [];
    if (registry === undefined) throw new Error('no registry in the reference topology');
    const topology = { lanes: 2, frames: [{ id: 'A', registries: [registry] }] };
    const settings = { ...SETTINGS, topology, paths: derivePaths(topology) };
    const page = await exporterOver({ settings }).metrics();
    expect(Object.keys(seriesNamed(page, 'canary_tests_total'))).toHaveLength(14);
    expect(Object.keys(seriesNamed(page, 'canary_validator_stream_state'))).toHaveLength(20);
  });

  test('the exporter’s own process is on the page', () => {
    const names = [...series.keys()];
    expect(names).toContain('process_resident_memory_bytes');
    expect(names.some((name) => name.startsWith('nodejs_'))).toBe(true);
  });
});

describe('what the stores know', () => {
  test('open tests, and those past their soft deadline', async () => {
    const test1 = testOf('A1.1-A1.2-intra');
    const test2 = testOf('A1.1-A1.2-intra', '20261123T183100Z');
    const stamps = createMemoryStamps(clock);
    await stamps.register(test1);
    await stamps.register(test2);
    await stamps.markFired(test1.testId, NOW_MS - 10_001);
    await stamps.markFired(test2.testId, NOW_MS - 9_999);
    const page = await exporterOver({ clock, stamps }).metrics();
    const labels = '{path="A1.1-A1.2-intra",backend="intra"}';
    expect(seriesOf(page).get(`canary_open_tests${labels}`)).toBe('2');
    expect(seriesOf(page).get(`canary_open_tests_past_soft_deadline${labels}`)).toBe('1');
  });

  test.each([
    ['fresh', stateOf(), 'silent', '10', '0.012', '1'],
    ['15 s old', stateOf({ reportedAtMs: NOW_MS - 15_000 }), 'silent', '10', '0.012', '1'],
    ['older', stateOf({ reportedAtMs: NOW_MS - 15_001 }), 'absent', undefined, undefined, '0'],
    ['without a lag yet', stateOf({ lagMs: undefined }), 'silent', '10', undefined, '1'],
    ['ahead of the head', stateOf({ head: 80 }), 'silent', '0', '0.012', '1'],
    ['with no lag at all', stateOf({ lagMs: 0, stream: 'open' }), 'open', '10', '0', '1'],
  ])('a report that is %s', async (_what, state, stream, gap, lag, caughtUp) => {
    const validators = { states: async () => [state, stateOf({ frame: 'Z' })] };
    const page = await exporterOver({ clock, validators }).metrics();
    const series = seriesOf(page);
    const labels = 'frame="A",event_type="TokensTransferred"';
    for (const one of ['open', 'silent', 'closed', 'absent']) {
      expect(series.get(`canary_validator_stream_state{${labels},state="${one}"}`)).toBe(
        one === stream ? '1' : '0',
      );
    }
    expect(series.get(`canary_validator_watermark_gap_events{${labels}}`)).toBe(gap);
    expect(series.get(`canary_validator_lag_seconds{${labels}}`)).toBe(lag);
    expect(series.get(`canary_validator_caught_up{${labels}}`)).toBe(caughtUp);
    expect(series.get(`canary_validator_malformed_total{${labels}}`)).toBe('5');
    expect(page).not.toContain('frame="Z"');
  });

  test('the scoreboard of the cycle closed last', async () => {
    const results = createMemoryResults();
    const cycle = { cycleId: 'c1', slotMs: NOW_MS, planned: 30, startedAtMs: NOW_MS };
    await results.openCycle(cycle);
    await results.openCycle({ ...cycle, cycleId: 'c2', startedAtMs: NOW_MS + 60_000 });
    await results.closeCycle(scoreboardOf('c1', 30, []), NOW_MS + 45_500);
    const series = seriesOf(await exporterOver({ results }).metrics());
    expect(series.get('canary_cycle_planned_tests')).toBe('30');
    expect(series.get('canary_cycle_lost_tests')).toBe('30');
    expect(series.get('canary_cycle_started_timestamp_seconds')).toBe(String(NOW_MS / 1_000));
    expect(series.get('canary_cycle_closed_timestamp_seconds')).toBe(
      String((NOW_MS + 45_500) / 1_000),
    );
    expect(series.get('canary_cycles_total{clean="false"}')).toBe('1');
  });

  test('a warm-up is active until it ends', async () => {
    const results = createMemoryResults();
    const exporter = exporterOver({ results });
    const active = async () => seriesOf(await exporter.metrics()).get('canary_warm_up_active');
    await results.beginWarmUp(NOW_MS);
    expect(await active()).toBe('1');
    await results.endWarmUp('clean_cycle', NOW_MS + 1);
    expect(await active()).toBe('0');
  });
});

describe('the float of the agents', () => {
  test('is exact, and revoked agents show', async () => {
    const float: Float = {
      availableBaseUnits: 12_345_678_901_234_567_890n,
      heldBaseUnits: 1n,
      status: 'revoked',
    };
    const page = await exporterOver({ gateway: { balance: async () => float } }).metrics();
    const series = seriesOf(page);
    expect(series.get('canary_agent_float_avt{agent="A1:canary-1",state="available"}')).toBe(
      '12345678901234.567890',
    );
    expect(series.get('canary_agent_float_avt{agent="A1:canary-1",state="held"}')).toBe('0.000001');
    expect(series.get('canary_agent_active{agent="A1:canary-1"}')).toBe('0');
  });

  test('is read once in 15 s, a few agents at a time', async () => {
    const asking = manualClock();
    let asked = 0;
    let atOnce = 0;
    let atOnceMax = 0;
    const balance = async (): Promise<Float> => {
      asked += 1;
      atOnce += 1;
      atOnceMax = Math.max(atOnceMax, atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      return { availableBaseUnits: 1n, heldBaseUnits: 0n, status: 'active' };
    };
    const agents = Array.from({ length: 20 }, (_, index) => `A1:canary-${index}`);
    const topology = { lanes: 2, frames: [{ id: 'A', registries: [{ id: 'A1', agents }] }] };
    const settings = { ...SETTINGS, topology };
    const exporter = exporterOver({ clock: asking, settings, gateway: { balance } });
    await Promise.all([exporter.metrics(), exporter.metrics()]);
    asking.advance(14_000);
    await exporter.metrics();
    expect([asked, atOnceMax]).toEqual([20, 4]);
    asking.advance(1_000);
    await exporter.metrics();
    expect(asked).toBe(40);
  });

  test('of one agent unknown to its TEG does not hide the others', async () => {
    const balance = async (agent: string): Promise<Float> => {
      if (agent === 'A2:canary-1') throw new Error('unknown agent');
      return { availableBaseUnits: 1n, heldBaseUnits: 0n, status: 'active' };
    };
    const page = await exporterOver({ gateway: { balance } }).metrics();
    expect(Object.keys(seriesNamed(page, 'canary_agent_active'))).toHaveLength(5);
    expect(seriesNamed(page, 'canary_exporter_source_up')).toMatchObject({
      'canary_exporter_source_up{source="teg/A"}': '0',
      'canary_exporter_source_up{source="teg/B"}': '1',
    });
  });
});

describe('while a source is away, the rest is served and its series are absent', () => {
  const away = async (): Promise<never> => Promise.reject(new Error('away'));
  const cases = [
    {
      source: 'postgres',
      parts: { results: { ...createMemoryResults(), tallies: away } },
      absent: ['canary_tests_total', 'canary_cycle_planned_tests', 'canary_warm_up_active'],
      served: ['canary_open_tests', 'canary_agent_active', 'canary_path_info'],
    },
    {
      source: 'redis',
      parts: { stamps: { ...createMemoryStamps(clock), openTests: away } },
      absent: ['canary_open_tests', 'canary_validator_stream_state', 'canary_workers_alive'],
      served: ['canary_tests_total', 'canary_agent_active', 'canary_path_info'],
    },
    {
      source: 'redis',
      parts: { workers: { alive: away } },
      absent: ['canary_open_tests', 'canary_workers_alive'],
      served: ['canary_tests_total'],
    },
    {
      source: 'teg/A',
      parts: { gateway: { balance: away } },
      absent: ['canary_agent_float_avt', 'canary_agent_active'],
      served: ['canary_tests_total', 'canary_open_tests'],
    },
  ];
  test.each(cases)('$source', async ({ source, parts, absent, served }) => {
    const page = await exporterOver(parts).metrics();
    expect(seriesOf(page).get(`canary_exporter_source_up{source="${source}"}`)).toBe('0');
    for (const name of absent) expect(seriesNamed(page, name)).toEqual({});
    for (const name of served) expect(seriesNamed(page, name)).not.toEqual({});
  });

  test('each change is told once', async () => {
    const results = createMemoryResults();
    let isAway = false;
    const tallies = async () => (isAway ? away() : results.tallies());
    const changes: SourceState[] = [];
    const exporter = exporterOver({
      results: { ...results, tallies },
      onChange: (state) => changes.push(state),
    });
    for (const next of [false, true, true, false, false]) {
      isAway = next;
      await exporter.metrics();
    }
    expect(changes.map(({ source, up }) => [source, up])).toEqual([
      ['postgres', false],
      ['postgres', true],
    ]);
  });
});

function nameOf(series: string, type: string | undefined): string {
  const name = series.replace(/\{.*/, '');
  return type === 'histogram' ? name.replace(/_(bucket|sum|count)$/, '') : name;
}

function labelNames(series: string): readonly string[] {
  const names = [...series.matchAll(/[{,]([a-z_]+)="/g)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'le');
}
