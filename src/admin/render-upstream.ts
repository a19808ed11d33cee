// What a service beside the reactor answered, for people: samples as a table, all else as it came.
import { z } from 'zod';
import { dayTime, formatMs } from './format.js';
import type { UpstreamAnswerView } from './operations/upstream-answer.js';
import type { Paint } from './paint.js';
import { renderTable } from './table.js';

const STATUS_FAILED = 400;

export function renderUpstream(answer: UpstreamAnswerView, paint: Paint): string {
  const { body, contentType, status, target, text, truncated } = answer;
  const head = `${target} answered ${status}${contentType === undefined ? '' : `, ${contentType}`}`;
  return [
    paint(head, status < STATUS_FAILED ? 'green' : 'red'),
    ...(body === undefined ? [] : [JSON.stringify(body, null, 2)]),
    ...(text === undefined || text === '' ? [] : [text]),
    ...(truncated ? ['(more is left out)'] : []),
  ].join('\n');
}

/** Seconds since 1970, and the value as Prometheus writes it. */
const sampleSchema = z.tuple([z.number(), z.string()]);
const metric = z.record(z.string(), z.string());

/** Prometheus HTTP API, expression query result formats. */
const resultSchema = z.object({
  data: z.discriminatedUnion('resultType', [
    z.object({
      resultType: z.literal('vector'),
      result: z.array(z.object({ metric, value: sampleSchema })),
    }),
    z.object({
      resultType: z.literal('matrix'),
      result: z.array(z.object({ metric, values: z.array(sampleSchema) })),
    }),
    z.object({ resultType: z.literal('scalar'), result: sampleSchema }),
  ]),
});

/** A histogram, or what Prometheus may answer one day, is shown as it came. */
export function renderQuery(answer: UpstreamAnswerView, paint: Paint): string {
  const { data } = resultSchema.safeParse(answer.body).data ?? {};
  switch (data?.resultType) {
    case undefined:
      return renderUpstream(answer, paint);
    case 'scalar':
      return data.result[1];
    case 'vector':
      return samples(
        data.result.map((one) => [one.value[1], seriesOf(one.metric)]),
        paint,
      );
    case 'matrix':
      return data.result.length === 0
        ? NOTHING
        : data.result.map((one) => range(one.metric, one.values, paint)).join('\n\n');
  }
}

const NOTHING = 'no series matches';

function samples(rows: readonly (readonly string[])[], paint: Paint): string {
  if (rows.length === 0) return NOTHING;
  return renderTable([{ title: 'value', align: 'right' }, { title: 'series' }], rows, paint);
}

function range(
  labels: z.infer<typeof metric>,
  values: readonly z.infer<typeof sampleSchema>[],
  paint: Paint,
): string {
  const [first, second] = values;
  const step =
    first === undefined || second === undefined
      ? ''
      : `, every ${formatMs((second[0] - first[0]) * 1_000)}`;
  const columns = [{ title: 'at (UTC)' }, { title: 'value', align: 'right' }] as const;
  const rows = values.map(([seconds, value]) => [
    dayTime(new Date(seconds * 1_000).toISOString()),
    value,
  ]);
  return [
    paint(`${seriesOf(labels)}: ${values.length} values${step}`, 'bold'),
    renderTable(columns, rows, paint),
  ].join('\n');
}

/** As PromQL writes it. */
function seriesOf({ __name__: name = '', ...labels }: z.infer<typeof metric>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`;
}
