// A file of cases beside the shipped rules that it asks about: the groups of its alerts, whole, and
// the recordings that these stand on. promtool evaluates every rule at every step of every case, so
// that with all rules most of its work is for nothing.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { metricNames } from '../../monitoring/src/promql/parse.js';
import { ALERTS_FILE, RECORDS_FILE, type RuleFile } from '../../monitoring/src/rules/rule-files.js';

interface CaseDocument {
  readonly tests: readonly {
    readonly alert_rule_test: readonly { readonly alertname: string }[];
  }[];
}

/** Writes all three files into `directory`; answers where the cases are. */
export function narrowRules(rules: string, caseFile: string, directory: string): string {
  const cases = read<CaseDocument>(caseFile);
  const asked = new Set(
    cases.tests.flatMap((one) => one.alert_rule_test.map(({ alertname }) => alertname)),
  );
  const alerts = read<RuleFile>(join(rules, ALERTS_FILE)).groups.filter((group) =>
    group.rules.some((rule) => 'alert' in rule && asked.has(rule.alert)),
  );
  const written = { [ALERTS_FILE]: { groups: alerts }, [RECORDS_FILE]: recordsFor(rules, alerts) };
  for (const [name, content] of Object.entries(written)) {
    writeFileSync(join(directory, name), stringify(content));
  }
  mkdirSync(join(directory, 'tests'));
  const file = join(directory, 'tests', basename(caseFile));
  writeFileSync(file, stringify(cases));
  return file;
}

/** What rules ask for, directly or by way of another recording. */
function recordsFor(rules: string, alerts: RuleFile['groups']): RuleFile {
  const { groups } = read<RuleFile>(join(rules, RECORDS_FILE));
  const expressions = new Map(
    groups.flatMap((group) =>
      group.rules.flatMap((rule) => ('record' in rule ? [[rule.record, rule.expr] as const] : [])),
    ),
  );
  const needed = new Set<string>();
  const need = (expr: string): void => {
    for (const name of metricNames(expr)) {
      const recorded = expressions.get(name);
      if (recorded === undefined || needed.has(name)) continue;
      needed.add(name);
      need(recorded);
    }
  };
  for (const rule of alerts.flatMap((group) => group.rules)) need(rule.expr);
  const kept = groups.map((group) => ({
    ...group,
    rules: group.rules.filter((rule) => 'record' in rule && needed.has(rule.record)),
  }));
  return { groups: kept.filter((group) => group.rules.length > 0) };
}

function read<T>(file: string): T {
  return parse(readFileSync(file, 'utf8')) as T;
}
