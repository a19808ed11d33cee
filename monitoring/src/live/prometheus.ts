// Prometheus' HTTP API, as far as dashboards are checked and previewed against it.
import { z } from 'zod';

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds and values, oldest first; one alone for an instant. */
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

export interface Prometheus {
  readonly url: string;
  instant(expr: string): Promise<readonly Series[]>;
  range(expr: string, span: Span): Promise<readonly Series[]>;
  /** The values of a label among the series that a selector matches. */
  labelValues(label: string, selector: string): Promise<readonly string[]>;
}

export interface Span {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
}

const TIMEOUT_MS = 30_000;

const point = z.tuple([z.number(), z.string()]);
const answerSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: point.optional(),
        values: z.array(point).optional(),
      }),
    ),
  }),
});
const valuesSchema = z.object({ data: z.array(z.string()) });

/** A query that Prometheus refuses throws with its own words; one without series answers none. */
export function createPrometheus(url: string, more = ''): Prometheus {
  const base = url.replace(/\/$/, '');
  const fixed = Object.fromEntries(new URLSearchParams(more));
  const series = async (path: string, parameters: Readonly<Record<string, string>>) =>
    answerSchema
      .parse(await ask(`${base}/api/v1/${path}`, { ...fixed, ...parameters }))
      .data.result.map(readSeries);
  return {
    url: base,
    instant: (query) => series('query', { query }),
    range: (query, { fromSeconds, stepSeconds, toSeconds }) =>
      series('query_range', {
        query,
        start: String(fromSeconds),
        end: String(toSeconds),
        step: String(stepSeconds),
      }),
    labelValues: async (label, selector) => {
      const answer = await ask(`${base}/api/v1/label/${label}/values`, { 'match[]': selector });
      return valuesSchema.parse(answer).data;
    },
  };
}

async function ask(url: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
  const response = await fetch(`${url}?${new URLSearchParams(parameters)}`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.ok) return response.json();
  const said = (await response.text()).slice(0, 500);
  throw new Error(`${url} answered ${response.status} to ${JSON.stringify(parameters)}: ${said}`);
}

function readSeries({
  metric,
  value,
  values,
}: z.infer<typeof answerSchema>['data']['result'][number]): Series {
  const points = values ?? (value === undefined ? [] : [value]);
  return { labels: metric, points: points.map(([seconds, text]) => [seconds, toNumber(text)]) };
}

function toNumber(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
