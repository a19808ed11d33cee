// Writes down the series of a running Prometheus that rules name, for the cases to pick from.
import { z } from 'zod';
import { renderSeries, type Series } from '../cases/recorded-series.js';
import type { MonitoringConfig } from '../config.js';
import { metricNames } from '../promql/parse.js';
import { alertsFile, recordsFile } from '../rules/rule-files.js';

const TIMEOUT_MS = 30_000;

const answerSchema = z.object({
  status: z.literal('success'),
  data: z.array(z.record(z.string(), z.string())),
});

const NOTE = `# Series of a running reference platform, with every label that Prometheus saw.
# Written by \`npm run monitoring -- record\`; the cases of the alerts pick from them.`;

/** The text of `recorded-series.txt`; throws when Prometheus does not answer. */
export async function recordSeries(prometheus: string, config: MonitoringConfig): Promise<string> {
  const url = `${prometheus}/api/v1/series?${new URLSearchParams({ 'match[]': '{job!=""}' })}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} was answered ${response.status}`);
  const { data } = answerSchema.parse(await response.json());
  const named = namesIn(config);
  const lines = data
    .map(({ __name__: name = '', ...labels }): Series => ({ name, labels: sorted(labels) }))
    .filter(({ name, labels }) => named.has(name) && !name.includes(':') && isWanted(labels))
    .map(renderSeries)
    .toSorted();
  return `${[NOTE, ...new Set(lines)].join('\n')}\n`;
}

/** Of histograms with a bucket for each bound and route, one route is enough to pick from. */
function isWanted({ le, route }: Readonly<Record<string, string>>): boolean {
  return le === undefined || route === undefined || route === BUCKETS_OF;
}

const BUCKETS_OF = '/teg/transfer';

function namesIn(config: MonitoringConfig): ReadonlySet<string> {
  const files = [alertsFile(config), recordsFile(config)];
  const expressions = files.flatMap(({ groups }) =>
    groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
  );
  return new Set(expressions.flatMap(metricNames));
}

function sorted(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}
