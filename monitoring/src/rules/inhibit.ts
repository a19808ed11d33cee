// What silences what: a dead service silences the alerts that only repeat its death.
import type { MonitoringConfig } from '../config.js';
import { burnAlertName } from './canary-budget.js';
import { frameAlertName } from './frames.js';

/** As Alertmanager takes them: while a source fires, targets with equal labels stay silent. */
export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal?: readonly string[];
}

export function inhibitRules(config: MonitoringConfig): readonly InhibitRule[] {
  const frames = config.topology.frames.map(({ id }) => id);
  return [
    ...frames.slice(1).flatMap(namedFrame),
    ...frames.flatMap((frame) => canariesOf(frame, 'ServiceDown')),
    ...frames
      .slice(1)
      .flatMap((frame) =>
        ['RegistryDown', 'EventStoreDown'].flatMap((what) =>
          canariesOf(frame, frameAlertName(frame, what)),
        ),
      ),
    ...services(),
    ...reactor(),
    ...degrees(config),
  ];
}

/** The frame's own alert says more than the general one, of the same instance. */
function namedFrame(frame: string): readonly InhibitRule[] {
  const own = ['RegistryDown', 'EventStoreDown'].map((what) => frameAlertName(frame, what));
  const general = { target_matchers: ['alertname="ServiceDown"'], equal: ['instance'] };
  const stale = frameAlertName(frame, 'LedgerStale');
  return [
    { source_matchers: [oneOf('alertname', own)], ...general },
    {
      source_matchers: [`alertname="${frameAlertName(frame, 'EventStoreDown')}"`],
      target_matchers: [`alertname="${stale}"`],
    },
  ];
}

/** Paths that begin or end in the frame, whatever it is called on them. */
function canariesOf(frame: string, source: string): readonly InhibitRule[] {
  return ['sender_frame', 'receiver_frame'].map((end) => ({
    source_matchers: [`alertname="${source}"`, `frame="${frame}"`],
    target_matchers: ['component="canary-path"', `${end}="${frame}"`],
  }));
}

function services(): readonly InhibitRule[] {
  const quality = oneOf('alertname', ['HighErrorRate', 'HighLatencyP95']);
  return [
    {
      source_matchers: ['alertname="ServiceDown"'],
      target_matchers: [quality],
      equal: ['frame', 'job'],
    },
    {
      source_matchers: ['alertname="ServiceDown"', 'job="event-store"'],
      target_matchers: [
        oneOf('alertname', ['SupplyLedgerStale', 'EventStoreStaleLedger', 'FederationDrift']),
      ],
      equal: ['frame'],
    },
    {
      source_matchers: ['alertname="PostgreSQLDown"'],
      target_matchers: [quality],
      equal: ['frame'],
    },
  ];
}

/** Who does not run or is not read cannot say anything of the platform. */
function reactor(): readonly InhibitRule[] {
  const follows = ['CanaryNoResult', 'CanarySlotMissed', 'SupplyAuditMissed'];
  return [
    {
      source_matchers: ['alertname="CanaryWorkersGone"'],
      target_matchers: [oneOf('alertname', [...follows, 'SupplyAuditInconclusive'])],
    },
    {
      source_matchers: ['alertname="CanaryStoreDown"'],
      target_matchers: [
        oneOf('alertname', [...follows, 'CanaryDependencyDown', 'CanarySourceDown']),
      ],
    },
  ];
}

/** Of two degrees of one thing only the worse is told. */
function degrees({ slo }: MonitoringConfig): readonly InhibitRule[] {
  const burns = (severity: string) =>
    oneOf(
      'alertname',
      slo.burnRates.filter((rate) => rate.severity === severity).map(burnAlertName),
    );
  const worse = (source: string, target: string, equal: readonly string[]): InhibitRule => ({
    source_matchers: [`alertname="${source}"`],
    target_matchers: [`alertname="${target}"`],
    equal,
  });
  return [
    worse('DBConnectionsCritical', 'DBConnectionsHigh', ['server']),
    worse('DiskSpaceCritical', 'HostDiskSpaceLow', ['instance', 'mountpoint']),
    worse('CrowdSecDown', 'CrowdSecBouncerDown', ['host']),
    worse('Fail2banStale', 'Fail2banDown', ['instance']),
    worse('LynisAuditStale', 'LynisHardeningLow', ['instance']),
    worse('CanaryTransferRefunded', 'CanarySoftDeadlinePassed', ['path', 'backend']),
    worse('CanaryPathFailing', 'CanaryLate', ['path', 'backend']),
    { source_matchers: [burns('critical')], target_matchers: [burns('warning')] },
  ];
}

function oneOf(label: string, values: readonly string[]): string {
  return `${label}=~"${values.join('|')}"`;
}
