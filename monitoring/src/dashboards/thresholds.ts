// Thresholds and words for values, as Grafana takes them.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type { Threshold, ValueText } from './model.js';

export function steps(thresholds: readonly Threshold[]): dashboard.ThresholdsConfigBuilder {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(
      thresholds.map(([from, color]) => ({ value: Number.isFinite(from) ? from : null, color })),
    );
}

export function valueMap(texts: readonly ValueText[]): dashboard.ValueMapping {
  return {
    type: dashboard.MappingType.ValueToText,
    options: Object.fromEntries(
      texts.map(({ colour: color, text, value }, index) => [value, { color, index, text }]),
    ),
  };
}
