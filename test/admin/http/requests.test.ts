// What the HTTP face answers, request by request: values, and every kind of problem by its rule.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { echoing } from '../cli-run.js';
import { createFace, type Face } from './face.js';
import { type Case, check, get, post, type Request } from './request-case.js';

let open: Face;
let away: Face;

beforeAll(async () => {
  open = await createFace({ twist: { upstreams: echoing(['prometheus', 'grafana', 'A1']) } });
  away = await createFace({ twist: { postgresAway: true } });
});

afterAll(async () => {
  await Promise.all([open.close(), away.close()]);
});

const OPEN: readonly Case[] = [
  { what: 'alive', request: get('/healthz'), status: 200, says: /"ok"/ },
  { what: 'ready', request: get('/readyz'), status: 200, says: /"postgres"/ },
  { what: 'the version', request: get('/version'), status: 200, says: /1\.2\.3/ },
  {
    what: 'who asks',
    request: get('/api/v1/me'),
    status: 200,
    says: /"local","role":"admin","session":false/,
  },
  { what: 'the status', request: get('/api/v1/status'), status: 200, says: /"red"/ },
  { what: 'the matrix', request: get('/api/v1/paths?last=3'), status: 200, says: /"last":3/ },
  {
    what: 'a cycle that nobody waits for',
    request: post('/api/v1/cycles', { wait: false }),
    status: 200,
    says: /"workflowId":"canary-cycle\/hand-/,
  },
  {
    what: 'one path, named in the address',
    request: post('/api/v1/paths/A1.1-A1.2-intra/fire', { wait: false }),
    status: 200,
    says: /"pathId":"A1\.1-A1\.2-intra"/,
  },
  {
    what: 'the status as the public sees it',
    request: get('/api/v1/status/public?window=7d'),
    status: 200,
    says: /"window":"7d"/,
  },
  {
    what: 'a query of Prometheus',
    request: get('/api/v1/prometheus/query?query=up&start=1000&end=2000'),
    status: 200,
    says: /query_range\?query=up&start=1000&end=2000&step=4/,
  },
  {
    what: 'a query of no end',
    request: get('/api/v1/prometheus/query?query=up&start=1000'),
    status: 422,
    says: /"pointer":"\/end"/,
  },
  {
    what: 'a request to Grafana',
    request: post('/api/v1/grafana', { path: '/api/search?query=x' }),
    status: 200,
    says: /"target":"grafana","method":"GET","path":"\/api\/search\?query=x"/,
  },
  {
    what: 'a request that writes, to the upstream in the address',
    request: post('/api/v1/upstreams/A1', { method: 'PUT', path: '/x', body: { a: 1 } }),
    status: 200,
    says: /"body":"\{\\"a\\":1\}"/,
  },
  {
    what: 'an upstream that is none',
    request: post('/api/v1/upstreams/A9', { path: '/x' }),
    status: 404,
    says: /"pointer":"\/target"/,
  },
  {
    what: 'a path that leaves its place',
    request: post('/api/v1/grafana', { path: '/../x' }),
    status: 422,
    says: /"pointer":"\/path"/,
  },
  {
    what: 'a query that is out of range',
    request: get('/api/v1/tests?limit=0'),
    status: 422,
    says: /"pointer":"\/limit","detail":"must be at least 1"/,
  },
  {
    what: 'a query that nobody knows',
    request: get('/api/v1/tests?limits=3'),
    status: 422,
    says: /"pointer":"\/limits"/,
  },
  {
    what: 'a choice that is none, with those that are',
    request: get('/api/v1/tests?outcome=good'),
    status: 422,
    says: /allowed: passed, failed/,
  },
  {
    what: 'a field of the wrong type',
    request: post('/api/v1/cycles', { wait: 'yes' }),
    status: 422,
    says: /"pointer":"\/wait"/,
  },
  ...[[1], 'AAA', 7, null].map((body) => ({
    what: `a body that is no object: ${JSON.stringify(body)}`,
    request: post('/api/v1/cycles', body),
    status: 422,
    says: /the body must be a JSON object/,
  })),
  {
    what: 'a method that must come with a body, and comes without',
    request: { method: 'QUERY', url: '/api/v1/status' } as unknown as Request,
    status: 405,
    says: /only GET/,
  },
  {
    what: 'a test that is not there',
    request: get('/api/v1/tests/nobody'),
    status: 404,
    says: /"pointer":"\/testId"/,
  },
  {
    what: 'a path that is not there, with those that are',
    request: post('/api/v1/paths/A9/fire', {}),
    status: 404,
    says: /A1\.1-A1\.2-intra/,
  },
  { what: 'no such address', request: get('/api/v2'), status: 404, says: /nothing is at/ },
  {
    what: 'another method',
    request: { method: 'DELETE', url: '/api/v1/status' },
    status: 405,
    says: /only GET/,
  },
  {
    what: 'an address beyond all bounds',
    request: get(`/api/v1/tests/${'x'.repeat(2_000)}`),
    status: 414,
    says: /uri-too-long/,
  },
  {
    what: 'an id that is too long, in its own words',
    request: get(`/api/v1/tests/${'x'.repeat(300)}`),
    status: 404,
    says: /"pointer":"\/testId"/,
  },
  {
    what: 'a method that nobody uses',
    request: { method: 'OPTIONS', url: '/api/v1/tests/x' },
    status: 405,
    says: /only GET/,
  },
  {
    what: 'no body where none of its fields is needed',
    request: { method: 'POST', url: '/api/v1/retention' },
    status: 200,
    says: /"results":/,
  },
  {
    what: 'broken JSON',
    request: { ...post('/api/v1/cycles', {}), payload: '{' },
    status: 400,
    says: /malformed/,
  },
  {
    what: 'a form, as another site could send it',
    request: post('/api/v1/cycles', {}, { 'content-type': 'application/x-www-form-urlencoded' }),
    status: 415,
    says: /unsupported-media-type/,
  },
  {
    what: 'a body beyond all bounds',
    request: post('/api/v1/cycles', { timeout: 'x'.repeat(70_000) }),
    status: 413,
    says: /too-large/,
  },
  {
    what: 'another site’s page that acts',
    request: post('/api/v1/cycles', {}, { 'sec-fetch-site': 'cross-site' }),
    status: 403,
    says: /cross-site/,
  },
  {
    what: 'another origin that acts, by an older browser',
    request: post('/api/v1/cycles', {}, { origin: 'http://localhost:1' }),
    status: 403,
    says: /cross-site/,
  },
  {
    what: 'this site’s own page that acts',
    request: post(
      '/api/v1/cycles',
      { wait: false },
      { origin: 'http://localhost:80', 'sec-fetch-site': 'same-origin' },
    ),
    status: 200,
    says: /workflowId/,
  },
  {
    what: 'a host that points here (DNS rebinding)',
    request: get('/api/v1/status', { host: 'evil.example' }),
    status: 421,
    says: /evil\.example/,
  },
  {
    what: 'an idempotency key that is none',
    request: post('/api/v1/cycles', {}, { 'idempotency-key': 'a b' }),
    status: 400,
    says: /Idempotency-Key/,
  },
  {
    what: 'a token that is none, on an open face too',
    request: get('/api/v1/status', { authorization: 'Bearer x' }),
    status: 401,
    says: /has not the form/,
  },
  { what: 'the page that is not built', request: get('/ui/'), status: 404, says: /npm run build/ },
  { what: 'a problem explained', request: get('/problems/refused'), status: 200, says: /^422 / },
];

describe('on an open face', () => {
  test.each(OPEN)('$what: $status', async (one) => check(open, one));
});

describe('where a dependency is away', () => {
  const cases: readonly Case[] = [
    { what: 'readiness', request: get('/api/v1/tests'), status: 503, says: /unreachable/ },
    {
      what: 'a token cannot be looked up',
      request: get('/api/v1/audits', { authorization: `Bearer cnry_${'0'.repeat(12)}_x` }),
      status: 401,
      says: /has not the form/,
    },
  ];
  test.each(cases)('$what: $status', async (one) => check(away, one));
});

describe('who asks too often', () => {
  test('is told when to ask again, reads and actions apart', async () => {
    const face = await createFace({ settings: { actionsPerMinute: 2 } });
    const fire = post('/api/v1/cycles', { wait: false });
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await face.app.inject(fire)).statusCode);
    expect(statuses).toEqual([200, 200, 429]);
    const limited = await face.app.inject(fire);
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    expect((await face.app.inject(get('/api/v1/status'))).statusCode).toBe(200);
    await face.close();
  });
});

test('an answer that has not changed is not sent again', async () => {
  const first = await open.app.inject(get('/api/v1/paths'));
  const etag = String(first.headers.etag);
  const again = await open.app.inject(get('/api/v1/paths', { 'if-none-match': etag }));
  expect(again.statusCode).toBe(304);
  expect(again.body).toBe('');
});

test('a key names one request, its body included', async () => {
  const put = (body: unknown): Request =>
    post(
      '/api/v1/upstreams/A1',
      { method: 'PUT', path: '/x', body },
      { 'idempotency-key': 'one-body' },
    );
  const cases: readonly Case[] = [
    { what: '', request: put({ a: 1 }), status: 200, says: /\\"a\\":1/ },
    { what: '', request: put({ a: 2 }), status: 422, says: /"pointer":"\/idempotencyKey"/ },
    { what: '', request: put({ a: 1 }), status: 200, says: /"body":"\*\*\*"/ },
  ];
  for (const one of cases) await check(open, one);
});

test('a request that somebody named keeps its name', async () => {
  const answer = await open.app.inject(get('/api/v2', { 'x-request-id': 'trace-1' }));
  expect(answer.headers['x-request-id']).toBe('trace-1');
  expect(answer.json()).toMatchObject({ instance: 'urn:request:trace-1' });
  const bad = await open.app.inject(get('/api/v2', { 'x-request-id': 'a\tb' }));
  expect(bad.headers['x-request-id']).not.toBe('a\tb');
});

test('pages run no script and no style but their own', async () => {
  const answer = await open.app.inject(get('/healthz'));
  const policy = String(answer.headers['content-security-policy']);
  expect(policy).toMatch(/default-src 'none'/);
  expect(policy).toMatch(/script-src 'self'(;|$)/);
  expect(policy).not.toMatch(/unsafe|\*/);
});
