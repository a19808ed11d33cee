// The variables of dashboards: both data sources, and what a reader may want to see alone.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { VariableName } from './model.js';
import { APPLICATION } from './selectors.js';

/** Prometheus, for everything of the last days. */
export const LIVE: DataSourceRef = { type: 'prometheus', uid: `\${datasource}` };
/** VictoriaMetrics, which keeps thirty days and speaks the same language. */
export const LONG_TERM: DataSourceRef = { type: 'prometheus', uid: `\${longterm}` };

interface VariableRow {
  readonly label: string;
  readonly description: string;
  /** Whose values are offered. */
  readonly query: string;
  /** What All stands for; by default one pattern of all values. */
  readonly allValue?: string;
}

export const VARIABLES: Readonly<Record<VariableName, VariableRow>> = {
  frame: {
    label: 'Frame',
    description: 'The frames to show.',
    query: `label_values(up{${APPLICATION}}, frame)`,
  },
  backend: {
    label: 'Backend',
    description: 'The ways in which tokens move: intra, async, 2pc.',
    query: 'label_values(canary_path_info, backend)',
  },
  path: {
    label: 'Path',
    description: 'The paths of the canaries, of the chosen backends.',
    query: 'label_values(canary_path_info{backend=~"$backend"}, path)',
    // Some hundred paths would make a pattern of some thousand characters.
    allValue: '.+',
  },
  service: {
    label: 'Service',
    description: 'The kinds of services.',
    query: `label_values(up{${APPLICATION}}, job)`,
  },
  registry: {
    label: 'Registry',
    description: 'The registries.',
    query: 'label_values(protocol_governance_turnout_ratio, registry)',
  },
  database: {
    label: 'Database',
    description: 'The databases that are watched.',
    query: 'label_values(pg_up, database)',
  },
  container: {
    label: 'Container',
    description: 'The containers by their names.',
    query: 'label_values(container_last_seen{name!=""}, name)',
    allValue: '.+',
  },
  traffic: {
    label: 'Traffic',
    description: 'Canaries or users, by the memo of a transfer.',
    query: 'label_values(protocol_transfers_total, traffic)',
  },
};

export function datasourceVariables(hasLongTerm: boolean): Builder<VariableModel>[] {
  const live = new DatasourceVariableBuilder('datasource')
    .label('Prometheus')
    .description('Where the last days are read.')
    .type('prometheus')
    .regex('/^(?!.*victoria)/i');
  const longTerm = new DatasourceVariableBuilder('longterm')
    .label('Long term')
    .description('Where thirty days are read: VictoriaMetrics.')
    .type('prometheus')
    .regex('/victoria/i');
  return hasLongTerm ? [live, longTerm] : [live];
}

export function queryVariable(name: VariableName): Builder<VariableModel> {
  const { allValue, description, label, query } = VARIABLES[name];
  const builder = new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(LIVE)
    .query({ query, refId: `variable-${name}` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
  return allValue === undefined ? builder : builder.allValue(allValue);
}
