// Cases of the alerts on canary paths and on the reactor itself.
import type { AlertCase, CaseSeries } from './alert-case.js';
import { HELD_CASES } from './held-cases.js';

const PATH = 'A1.1-B1.1-async';
const INFO: CaseSeries = { select: `canary_path_info{path="${PATH}"}`, values: '1x200' };
const FRAMES = { sender_frame: 'A', receiver_frame: 'B' };

/** A hundred minutes' worth of a counter that stood still until the sixth minute. */
function afterSixMinutes(steps: string): string {
  return `0x23 ${steps}`;
}

function verdicts(outcome: string, reason: string, values: string): CaseSeries {
  return {
    select: `canary_tests_total{path="${PATH}",outcome="${outcome}",reason="${reason}"}`,
    values,
  };
}

const PATH_CASES: readonly AlertCase[] = [
  {
    alert: 'CanaryPathFailing',
    what: 'two failures of ten are borne, three are not',
    series: [
      verdicts('failed', 'timeout', afterSixMinutes('1x3 2x3 3x40')),
      verdicts('passed', 'none', '0+0.25x100'),
      INFO,
    ],
    silentAt: '7m30s',
    firesAt: '8m30s',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: 3 tests failed within 10m.`,
  },
  {
    alert: 'CanaryTransferRefunded',
    what: 'one refund',
    series: [verdicts('failed', 'refunded', afterSixMinutes('1x40')), INFO],
    silentAt: '5m30s',
    firesAt: '6m30s',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: 1 tests were refunded within 10m.`,
  },
  {
    alert: 'CanaryObserverFault',
    what: 'our own pipe loses one',
    series: [verdicts('observer', 'none', afterSixMinutes('1x40')), INFO],
    silentAt: '5m30s',
    firesAt: '6m30s',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: 1 tests ended as observer within 10m.`,
  },
  {
    alert: 'CanaryUnpaid',
    what: 'the float does not suffice',
    series: [verdicts('unpaid', 'none', afterSixMinutes('1x40')), INFO],
    silentAt: '5m30s',
    firesAt: '6m30s',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: 1 tests could not be paid within 10m.`,
  },
  {
    alert: 'CanaryDegraded',
    what: 'an expected stamp never came',
    series: [
      { select: `canary_degraded_total{path="${PATH}"}`, values: afterSixMinutes('1x40') },
      INFO,
    ],
    silentAt: '5m30s',
    firesAt: '6m30s',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: 1 tests lack an expected stamp or event within 10m.`,
  },
  {
    alert: 'CanaryLate',
    what: 'the third late test of ten',
    series: [
      { select: `canary_late_total{path="${PATH}"}`, values: afterSixMinutes('1x3 2x3 3x40') },
      INFO,
    ],
    silentAt: '7m30s',
    firesAt: '8m30s',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: 3 tests were late within 10m.`,
  },
  {
    alert: 'CanarySoftDeadlinePassed',
    what: 'tests stay open past their soft deadline',
    series: [
      {
        select: `canary_open_tests_past_soft_deadline{path="${PATH}"}`,
        values: '0x3 2x20',
      },
      INFO,
    ],
    silentAt: '1m45s',
    firesAt: '2m',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: 2 tests wait longer than they should.`,
  },
  {
    alert: 'CanaryNoResult',
    what: 'verdicts come, and then none does',
    series: [verdicts('passed', 'none', '0+0.25x80 20x200'), INFO],
    silentAt: '34m',
    firesAt: '36m',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: not one verdict was stored within 15m.`,
  },
  {
    alert: 'CanaryPathFailing',
    what: 'what fails in a warm-up does not page, what fails after it does',
    series: [
      verdicts('failed', 'timeout', afterSixMinutes('3x60 6x60')),
      { select: 'canary_warm_up_active', values: '1x20 0x200' },
      INFO,
    ],
    silentAt: '14m',
    firesAt: '22m',
    keeps: ['path', 'backend'],
    adds: FRAMES,
    says: `${PATH}: 3 tests failed within 10m.`,
  },
];

const TEN_MINUTES = '0x44 2x8';

const HEALTH_CASES: readonly AlertCase[] = [
  {
    alert: 'CanaryWorkersGone',
    what: 'the last worker goes',
    series: [{ select: 'canary_workers_alive', values: '1x4 0x8' }],
    silentAt: '2m',
    firesAt: '2m15s',
    keeps: [],
    says: 'No worker has renewed its entry. What was in flight waits in Temporal.',
  },
  {
    alert: 'CanaryDependencyDown',
    what: 'a worker loses Redis',
    series: [{ select: 'canary_worker_dependency_up{dependency="redis"}', values: '1x4 0x20' }],
    silentAt: '3m',
    firesAt: '3m15s',
    keeps: ['dependency', 'worker'],
    says: '{worker} does not reach {dependency}.',
  },
  {
    alert: 'CanarySourceDown',
    what: 'a TEG does not answer the exporter',
    series: [{ select: 'canary_exporter_source_up{source="teg/A"}', values: '1x4 0x40' }],
    silentAt: '6m',
    firesAt: '6m15s',
    keeps: ['source'],
    says: 'Metrics of teg/A are absent, and alerts on them are blind.',
  },
  {
    alert: 'CanaryStoreDown',
    what: 'our PostgreSQL goes',
    series: [{ select: 'canary_store_up{store="postgres"}', values: '1x4 0x40' }],
    silentAt: '3m',
    firesAt: '3m15s',
    keeps: ['store'],
    says: 'Our postgres does not answer.',
  },
  {
    alert: 'CanaryStoreForgets',
    what: 'Redis evicts',
    series: [{ select: 'canary_redis_evicted_keys_total', values: '0x4 7x4' }],
    silentAt: '1m',
    firesAt: '1m15s',
    keeps: [],
    says: 'Redis forgot 7 keys before their time for want of memory.',
  },
  {
    alert: 'CanarySlotMissed',
    what: 'two slots are missed',
    series: [{ select: 'canary_missed_slots_total', values: TEN_MINUTES }],
    silentAt: '11m',
    firesAt: '11m15s',
    keeps: [],
    says: '2 slots within 10m fired nothing.',
  },
  {
    alert: 'CanaryFinding',
    what: 'two findings of one kind',
    series: [{ select: 'canary_findings_total{kind="impossible_stamp"}', values: TEN_MINUTES }],
    silentAt: '11m',
    firesAt: '11m15s',
    keeps: ['kind'],
    says: '2 findings of impossible_stamp within 10m.',
  },
  {
    alert: 'CanaryStampsUnobserved',
    what: 'four stamps were found only by looking',
    series: [{ select: `canary_unobserved_stamps_total{path="${PATH}"}`, values: '0x44 4x8' }],
    silentAt: '11m',
    firesAt: '11m15s',
    keeps: ['backend'],
    says: 'async: 4 stamps were found only by looking.',
  },
  {
    alert: 'CanaryFloatRunningOut',
    what: 'an agent has nine tokens left',
    series: [{ select: 'canary_agent_float_avt{state="available"}', values: '50x4 9x60' }],
    silentAt: '11m',
    firesAt: '11m15s',
    keeps: ['agent'],
    says: '{agent}: 9 AVT (below 10 now, or below nothing in 24 h at this pace).',
  },
  {
    alert: 'CanaryAgentRevoked',
    what: 'an agent is revoked',
    series: [{ select: 'canary_agent_active', values: '1x4 0x8' }],
    silentAt: '2m',
    firesAt: '2m15s',
    keeps: ['agent'],
    says: '{agent} is not active: its paths are rejected.',
  },
  {
    alert: 'CanaryExporterDown',
    what: 'the exporter goes',
    series: [{ select: 'up{job="canary-exporter"}', values: '1x4 0x20' }],
    silentAt: '3m',
    firesAt: '3m15s',
    says: 'No canary and no supply alert can fire while {instance} is away.',
  },
];

export const CANARY_CASES: readonly AlertCase[] = [...PATH_CASES, ...HELD_CASES, ...HEALTH_CASES];
