// Pages on the canaries' error budget: all paths pooled, two windows each, so that one failed test
// of sixty does not page and a platform that loses transfers does within minutes.
import { type BurnRate, type MonitoringConfig, pathsOf } from '../config.js';
import { duration } from '../duration.js';
import { type Alert, type AlertGroup, percent } from './alert.js';
import { pagePower } from './detectable.js';
import { failureRatio } from './records.js';
import { outsideWarmUp } from './warm-up.js';

export function canaryBudgetAlerts(config: MonitoringConfig): AlertGroup {
  return {
    name: 'canary-budget',
    alerts: config.slo.burnRates.map((rate) => burnAlert(config, rate)),
  };
}

/** `CanaryErrorBudgetBurn1h`: by its long window, for each is an alert with limits of its own. */
export function burnAlertName({ longMinutes }: BurnRate): string {
  return `CanaryErrorBudgetBurn${duration(longMinutes * 60)}`;
}

function burnAlert(config: MonitoringConfig, rate: BurnRate): Alert {
  const { objectiveRatio, periodDays } = config.slo;
  const threshold = Number((rate.factor * (1 - objectiveRatio)).toPrecision(6));
  const [long, short] = [failureRatio(rate.longMinutes), failureRatio(rate.shortMinutes)];
  const expr = `${long} > ${threshold} and ${short} > ${threshold}`;
  const windows = `${duration(rate.longMinutes * 60)} and ${duration(rate.shortMinutes * 60)}`;
  return {
    alert: burnAlertName(rate),
    severity: rate.severity,
    component: 'canary',
    expr: outsideWarmUp(config, expr, rate.shortMinutes * 60),
    forSeconds: 0,
    summary: 'Transfers fail too often over all paths: the error budget burns',
    description:
      `{{ $value | humanizePercentage }} of all tests failed; ${percent(threshold)} over both ` +
      `${windows} burn the budget of ${percent(1 - objectiveRatio)} in ${periodDays} days ` +
      `${rate.factor} times too fast. ${powerText(config, rate, threshold)}`,
    dashboard: { name: 'canary' },
    runbook: {
      means:
        `Within ${windows} more than ${percent(threshold)} of all tests failed: users lose ` +
        'transfers, not one path alone.',
      look: 'Which paths, backends, frames fail, and with which reason and phase: the scoreboard.',
      mend: 'As for CanaryPathFailing, beginning with what most of the failing paths share.',
    },
  };
}

function powerText(config: MonitoringConfig, rate: BurnRate, thresholdRatio: number): string {
  const perMinute = (pathsOf(config.topology) * 60) / config.topology.cycleSeconds;
  const { detectableRatio, falseAlarmProbability } = pagePower({
    shortTests: Math.round(perMinute * rate.shortMinutes),
    longTests: Math.round(perMinute * rate.longMinutes),
    thresholdRatio,
    noiseRatio: config.slo.noiseRatio,
  });
  const chance =
    falseAlarmProbability < 1e-9 ? 'below 1e-9' : falseAlarmProbability.toExponential(0);
  return (
    `The smallest degradation that this page tells from noise is ${percent(detectableRatio)} ` +
    `of failing tests; at a noise of ${percent(config.slo.noiseRatio)} its false alarm has a ` +
    `chance ${chance} per look.`
  );
}
