// The queries of a panel as Grafana asks them: over the range, or only for now.
import {
  DataqueryBuilder,
  PromQueryFormat,
  QueryEditorMode,
} from '@grafana/grafana-foundation-sdk/prometheus';
import type { PanelKind, PanelPlan } from './model.js';
import { LIVE, LONG_TERM } from './variables.js';

/** Kinds that show the newest value alone: `bars` and `table` need no history. */
export const INSTANT_KINDS: readonly PanelKind[] = ['bars', 'table'];

export function targets({ kind, longTerm, queries }: PanelPlan): DataqueryBuilder[] {
  return queries.map(({ expr, legend, minStep }, index) => {
    const builder = new DataqueryBuilder()
      .refId(refId(index))
      .datasource(longTerm === undefined ? LIVE : LONG_TERM)
      .editorMode(QueryEditorMode.Code)
      .expr(expr)
      .legendFormat(legend)
      .format(kind === 'table' ? PromQueryFormat.Table : PromQueryFormat.TimeSeries);
    if (INSTANT_KINDS.includes(kind)) builder.instant();
    else builder.range();
    return minStep === undefined ? builder : builder.interval(minStep);
  });
}

/** The letter by which the rest of a panel names its query. */
export function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
