// Which alerts silence which others: a dead service keeps quiet what follows from its death.
import type { MonitoringConfig } from './config.js';

/** One entry of Alertmanager's `inhibit_rules`. */
export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal?: readonly string[];
}

export function inhibitRules(_config: MonitoringConfig): readonly InhibitRule[] {
  return [];
}
