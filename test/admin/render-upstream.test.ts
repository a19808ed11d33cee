// What Prometheus answers, as a terminal shows it.
import { expect, test } from 'vitest';
import type { UpstreamAnswerView } from '../../src/admin/operations/upstream-answer.js';
import { plain } from '../../src/admin/paint.js';
import { renderQuery } from '../../src/admin/render-upstream.js';

const AT = Date.UTC(2026, 10, 23, 18, 30, 0) / 1_000;
const UP = { __name__: 'up', job: 'a' };

function answered(body: unknown, over: Partial<UpstreamAnswerView> = {}): UpstreamAnswerView {
  const asked = { target: 'prometheus', method: 'GET', path: '/api/v1/query' } as const;
  return {
    ...asked,
    status: 200,
    contentType: 'application/json',
    body,
    truncated: false,
    ...over,
  };
}

const data = (resultType: string, result: unknown) => ({
  status: 'success',
  data: { resultType, result },
});

test.each([
  [
    'a vector',
    answered(data('vector', [{ metric: UP, value: [AT, '1'] }])),
    'value  series\n    1  up{job="a"}',
  ],
  ['nothing', answered(data('vector', [])), 'no series matches'],
  ['a range of nothing', answered(data('matrix', [])), 'no series matches'],
  ['a scalar', answered(data('scalar', [AT, '2.5'])), '2.5'],
  [
    'a range',
    answered(
      data('matrix', [
        {
          metric: { job: 'a' },
          values: [
            [AT, '1'],
            [AT + 15, '0'],
          ],
        },
      ]),
    ),
    '{job="a"}: 2 values, every 15.00 s\nat (UTC)             value\n' +
      '2026-11-23 18:30:00      1\n2026-11-23 18:30:15      0',
  ],
  [
    'what it never answered before',
    answered(data('string', [AT, 'x']), { contentType: undefined }),
    `prometheus answered 200\n${JSON.stringify(data('string', [AT, 'x']), null, 2)}`,
  ],
  [
    'text that is cut',
    answered(undefined, { text: 'abc', truncated: true }),
    'prometheus answered 200, application/json\nabc\n(more is left out)',
  ],
])('%s', (_what, answer, shown) => {
  expect(renderQuery(answer, plain)).toBe(shown);
});
