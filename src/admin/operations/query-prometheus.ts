// The operation `promQuery`: a PromQL query at one moment, or over a range of time.
import { z } from 'zod';
import { type Answer, done, refused } from '../answer.js';
import { operation } from '../operation.js';
import { askUpstream, upstreamAnswerSchema } from './upstream-answer.js';

const QUERY_LENGTH_MAX = 1_000;
/** A range without a step is shown by so many points at most. */
const POINTS = 250;

const momentInput = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine(
    (text) => secondsOf(text) !== undefined,
    'must be a time such as 2026-11-23T18:30:00Z, or seconds since 1970',
  )
  .nullish();

const stepInput = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine(
    (text) => /^(?=.*[1-9])\d{1,9}(\.\d{1,3})?(ms|s|m|h|d|w|y)?$/.test(text),
    'must be a duration such as 15s, or seconds',
  )
  .nullish();

const errorSchema = z.object({ error: z.string() });

export const queryPrometheus = operation({
  name: 'promQuery',
  summary: 'ask Prometheus by PromQL: now, or from start to end',
  role: 'read',
  input: z.strictObject({
    query: z.string().min(1).max(QUERY_LENGTH_MAX).describe('PromQL, such as up'),
    start: momentInput.describe('where a range begins; without it the query is of this moment'),
    end: momentInput.describe('where the range ends'),
    step: stepInput.describe('between two points of the range; chosen where it is left out'),
  }),
  output: upstreamAnswerSchema,
  async run(deps, input, { signal }) {
    const path = pathOf(input);
    if (path.kind !== 'done') return path;
    const request = { target: 'prometheus', method: 'GET', body: undefined } as const;
    const answer = await askUpstream(deps, { ...request, path: path.value }, signal);
    if (answer.kind !== 'done' || answer.value.status === 200) return answer;
    const { body, status } = answer.value;
    const why = errorSchema.safeParse(body).data?.error ?? 'no reason is given';
    // Both say that the query is at fault (Prometheus HTTP API, format overview).
    if (status === 400 || status === 422) return refused('query', input.query, why);
    return { kind: 'failed', message: `prometheus answered ${status}: ${why}` };
  },
});

interface Asked {
  readonly query: string;
  readonly start?: string | null | undefined;
  readonly end?: string | null | undefined;
  readonly step?: string | null | undefined;
}

function pathOf({ end, query, start, step }: Asked): Answer<string> {
  const isRange = typeof start === 'string' || typeof end === 'string' || typeof step === 'string';
  if (!isRange) return done(`/api/v1/query?${encoded({ query })}`);
  if (typeof start !== 'string') return refused('start', 'nothing', 'is needed for a range');
  if (typeof end !== 'string') return refused('end', 'nothing', 'is needed for a range');
  const seconds = (secondsOf(end) ?? 0) - (secondsOf(start) ?? 0);
  if (seconds < 0) return refused('end', end, 'is before the start');
  const chosen = step ?? String(Math.max(1, Math.ceil(seconds / POINTS)));
  return done(`/api/v1/query_range?${encoded({ query, start, end, step: chosen })}`);
}

function encoded(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}

/** Seconds since 1970; `undefined` for a text that Prometheus reads as no time. */
function secondsOf(text: string): number | undefined {
  if (/^\d{1,11}(\.\d{1,6})?$/.test(text)) return Number(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms / 1_000;
}
