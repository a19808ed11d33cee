// From a row of the plan to a panel of Grafana: one builder per kind, and what all kinds share.

import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import { BarGaugeDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StatesBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { apiDataSource, apiTarget } from './api-target.js';
import { drillLink } from './links.js';
import type { PanelKind, PanelPlan } from './model.js';
import { targets } from './queries.js';
import { tableBuilder } from './table-panel.js';
import { steps, valueMap } from './thresholds.js';
import { LIVE, LONG_TERM } from './variables.js';

const SIZE: Readonly<Record<PanelKind, readonly [number, number]>> = {
  stat: [4, 4],
  chart: [8, 8],
  stacked: [8, 8],
  states: [12, 8],
  table: [24, 8],
  bars: [8, 8],
  api: [24, 8],
};

/** What every empty panel says that has nothing better to say. */
export const NO_DATA = 'no data';

export function panel(plan: PanelPlan, id: number, place: { x: number; y: number }) {
  const [w, h] = sizeOf(plan);
  const built = dressed(BUILDERS[plan.kind](plan), plan)
    .id(id)
    .gridPos({ h, w, x: place.x, y: place.y })
    .build();
  return plan.longTerm === undefined
    ? built
    : { ...built, timeFrom: plan.longTerm.over, interval: plan.longTerm.step };
}

export function sizeOf({ kind, size }: PanelPlan): readonly [width: number, height: number] {
  return size ?? SIZE[kind];
}

/** What the builders of all kinds have in common. */
interface AnyPanelBuilder extends Builder<dashboard.Panel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: common.DataSourceRef): this;
  gridPos(gridPos: dashboard.GridPos): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  mappings(mappings: dashboard.ValueMapping[]): this;
  thresholds(thresholds: Builder<dashboard.ThresholdsConfig>): this;
  colorScheme(color: Builder<dashboard.FieldColor>): this;
  links(links: Builder<dashboard.DashboardLink>[]): this;
  dataLinks(links: Builder<dashboard.DashboardLink>[]): this;
  targets(targets: Builder<Dataquery>[]): this;
  noValue(noValue: string): this;
}

const BUILDERS: Readonly<Record<PanelKind, (plan: PanelPlan) => AnyPanelBuilder>> = {
  stat: statBuilder,
  chart: chartBuilder,
  stacked: (plan) =>
    chartBuilder(plan)
      .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal))
      .fillOpacity(25),
  states: statesBuilder,
  table: tableBuilder,
  bars: barsBuilder,
  api: () => new TableBuilder().showHeader(true).filterable(true),
};

function dressed(builder: AnyPanelBuilder, plan: PanelPlan): AnyPanelBuilder {
  builder
    .title(plan.title)
    .description(describe(plan))
    .datasource(dataSourceOf(plan))
    .unit(plan.unit)
    .mappings(plan.mappings === undefined ? [] : [valueMap(plan.mappings)])
    .thresholds(steps(plan.thresholds ?? [[Number.NEGATIVE_INFINITY, 'text']]))
    .targets(plan.api === undefined ? targets(plan) : [apiTarget(plan.api)])
    .noValue(plan.noValue ?? NO_DATA);
  if (plan.decimals !== undefined) builder.decimals(plan.decimals);
  if (plan.min !== undefined) builder.min(plan.min);
  if (plan.max !== undefined) builder.max(plan.max);
  if (plan.drill !== undefined) {
    builder.dataLinks([drillLink(plan.drill, plan)]);
    builder.links([drillLink({ title: plan.drill.title, uid: plan.drill.uid })]);
  }
  return builder;
}

function dataSourceOf({ api, longTerm }: PanelPlan): common.DataSourceRef {
  if (api !== undefined) return apiDataSource(api);
  return longTerm === undefined ? LIVE : LONG_TERM;
}

/** Whoever sees an empty panel reads here whether it may be. */
function describe({ description, queries }: PanelPlan): string {
  const reasons = new Set(queries.flatMap(({ emptyBecause }) => emptyBecause ?? []));
  return [description, ...[...reasons].map((reason) => `Empty where ${reason}.`)].join(' ');
}

function statBuilder({ mappings, named, queries }: PanelPlan): StatBuilder {
  const isNamed = named === true || queries.length > 1;
  return new StatBuilder()
    .reduceOptions(lastValue())
    .colorMode(common.BigValueColorMode.Background)
    .graphMode(
      mappings === undefined ? common.BigValueGraphMode.Area : common.BigValueGraphMode.None,
    )
    .textMode(isNamed ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Value)
    .orientation(common.VizOrientation.Auto);
}

function chartBuilder({
  colours = {},
  logarithmic,
  softMin,
  thresholds,
}: PanelPlan): TimeSeriesBuilder {
  const builder = new TimeSeriesBuilder()
    .drawStyle(common.GraphDrawStyle.Line)
    .lineWidth(1)
    .fillOpacity(5)
    .showPoints(common.VisibilityMode.Auto)
    .spanNulls(false)
    .colorScheme(colour(dashboard.FieldColorModeId.PaletteClassic))
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );
  for (const [name, fixedColor] of Object.entries(colours)) {
    const value = { mode: dashboard.FieldColorModeId.Fixed, fixedColor };
    builder.overrideByName(name, [{ id: 'color', value }]);
  }
  if (softMin !== undefined) builder.axisSoftMin(softMin);
  if (logarithmic === true) {
    const scale = new common.ScaleDistributionConfigBuilder();
    builder.scaleDistribution(scale.type(common.ScaleDistribution.Log).log(10));
  }
  // A line at each limit says more than a band that covers the curves.
  return builder.thresholdsStyle(
    new common.GraphThresholdsStyleConfigBuilder().mode(
      thresholds === undefined
        ? common.GraphThresholdsStyleMode.Off
        : common.GraphThresholdsStyleMode.Dashed,
    ),
  );
}

function statesBuilder(): StatesBuilder {
  return new StatesBuilder()
    .mergeValues(true)
    .showValue(common.VisibilityMode.Never)
    .rowHeight(0.85)
    .fillOpacity(80)
    .lineWidth(0)
    .colorScheme(colour(dashboard.FieldColorModeId.Thresholds))
    .legend(new common.VizLegendOptionsBuilder().showLegend(false).calcs([]));
}

function barsBuilder(): BarGaugeBuilder {
  return new BarGaugeBuilder()
    .reduceOptions(lastValue())
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .showUnfilled(true)
    .valueMode(common.BarGaugeValueMode.Text);
}

function lastValue(): common.ReduceDataOptionsBuilder {
  return new common.ReduceDataOptionsBuilder().values(false).calcs(['lastNotNull']).fields('');
}

function colour(mode: dashboard.FieldColorModeId): dashboard.FieldColorBuilder {
  return new dashboard.FieldColorBuilder().mode(mode);
}
