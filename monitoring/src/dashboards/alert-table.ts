// 01: the alerts that fire now.
import type { PanelPlan } from './model.js';
import { one, words } from './selectors.js';

export function alertTable(): PanelPlan {
  return {
    title: 'Alerts that fire (the Watchdog always does)',
    kind: 'table',
    size: [24, 5],
    description: words(
      'Every alert that fires now. Only the Watchdog should be here; without it no alert',
      'reaches anybody.',
    ),
    unit: 'short',
    columns: { alertname: 'Alert', severity: 'Severity', frame: 'Frame', job: 'Job' },
    queries: one(
      'count by (alertname, severity, frame, job) (ALERTS{alertstate="firing"})',
      'Series',
    ),
  };
}
