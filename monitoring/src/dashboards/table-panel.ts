// Tables: the labels of the series make the first columns, each query one more. Lines of different
// queries with the same labels become one.
import * as common from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { PanelPlan, QueryPlan } from './model.js';
import { refId } from './queries.js';
import { steps, valueMap } from './thresholds.js';

export function tableBuilder(plan: PanelPlan): TableBuilder {
  const columns = plan.columns ?? {};
  const builder = new TableBuilder()
    .showHeader(true)
    .cellHeight(common.TableCellHeight.Sm)
    .filterable(true)
    .transformations([
      { id: 'merge', options: {} },
      { id: 'organize', options: organised(plan.queries, columns) },
    ]);
  for (const query of plan.queries) {
    const properties = propertiesOf(query);
    if (properties.length > 0) builder.overrideByName(query.legend, properties);
  }
  if (plan.sortBy === undefined) return builder;
  const { column, descending } = plan.sortBy;
  return builder.sortBy([
    new common.TableSortByFieldStateBuilder().displayName(column).desc(descending),
  ]);
}

/** Of a single query Grafana calls the column `Value`, of several `Value #A` and so on. */
function organised(queries: readonly QueryPlan[], columns: Readonly<Record<string, string>>) {
  const valueName = (index: number) => (queries.length === 1 ? 'Value' : `Value #${refId(index)}`);
  const labels = Object.entries(columns);
  const values = queries.map(({ legend }, index) => [valueName(index), legend] as const);
  const all = [...labels, ...values];
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(all.map(([name], index) => [name, index])),
    renameByName: Object.fromEntries(all),
  };
}

function propertiesOf({ decimals, mappings, thresholds, unit }: QueryPlan): DynamicConfigValue[] {
  const properties: DynamicConfigValue[] = [];
  if (unit !== undefined) properties.push({ id: 'unit', value: unit });
  if (decimals !== undefined) properties.push({ id: 'decimals', value: decimals });
  if (mappings !== undefined) properties.push({ id: 'mappings', value: [valueMap(mappings)] });
  if (thresholds !== undefined) {
    const cell = { type: common.TableCellDisplayMode.ColorText };
    properties.push({ id: 'thresholds', value: steps(thresholds).build() });
    properties.push({ id: 'custom.cellOptions', value: cell });
  }
  return properties;
}
