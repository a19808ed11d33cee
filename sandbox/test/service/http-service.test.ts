// What every service shares over HTTP: errors in the contract's form, tokens, faults, metrics.
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { requireToken } from '../../src/service/auth.js';
import { createFaultEngine } from '../../src/service/faults.js';
import { createHttpService, HttpError, type HttpService } from '../../src/service/http-service.js';
import { createLogger } from '../../src/service/logger.js';
import { deriveTokens } from '../../src/service/tokens.js';

const tokens = deriveTokens('http-service');
const clock = { nowMs: () => Date.parse('2026-11-23T18:30:36.123Z') };
const faults = createFaultEngine({ clock, random: () => 0 });
let service: HttpService;

beforeAll(async () => {
  service = await createHttpService({
    ...{ service: 'teg', frame: 'A', tokens, faults, clock, registry: new Registry() },
    logger: createLogger('test', 'silent'),
    health: () => ({ pipe: 'direct' }),
  });
  const body = z.strictObject({ amount: z.string().regex(/^\d+$/), note: z.string().optional() });
  const answers = { summary: 'a case', response: { 200: z.unknown() } };
  const schema = answers;
  service.post('/echo/:id', { schema: { ...answers, body } }, async (request) => request.body);
  service.post('/sized/:id', { schema }, async (request) => request.body);
  service.get('/refused', { schema }, async () => {
    throw new HttpError(422, 'refused', 'no', { headers: { 'retry-after': '7' } });
  });
  service.get('/broken', { schema }, async () => {
    throw new Error('secret detail');
  });
  service.get('/away', { schema }, async () => {
    throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  });
  const preHandler = requireToken('admin', tokens);
  service.get('/admin', { preHandler, schema }, async () => 'in');
});

afterAll(() => service.close());

describe('an error has the contract form', () => {
  test.each([
    ['GET', '/nothing', undefined, 404, 'not_found', '/nothing'],
    ['POST', '/echo/1', { amount: '1x' }, 400, 'malformed_request', 'amount'],
    ['POST', '/echo/1', { amount: '1', extra: 2 }, 400, 'malformed_request', 'extra'],
    ['POST', '/echo/1', undefined, 400, 'malformed_request', ''],
    ['GET', '/refused', undefined, 422, 'refused', 'no'],
    ['GET', '/broken', undefined, 500, 'internal', 'internal error'],
    ['GET', '/away', undefined, 503, 'unavailable', 'database'],
  ] as const)('%s %s %j: %i %s', async (method, url, payload, status, code, message) => {
    const answer = await service.inject({ method, url, ...(payload && { payload }) });
    const { error } = answer.json();
    expect([answer.statusCode, error.code]).toEqual([status, code]);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('secret');
  });

  test('with its headers; 503 says when to come back', async () => {
    expect((await service.inject('/refused')).headers['retry-after']).toBe('7');
    expect((await service.inject('/away')).headers['retry-after']).toBe('1');
  });

  test('also for a body that is no JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await service.inject({ method: 'POST', url: '/echo/1', headers, payload: '{' });
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'malformed_request']);
  });
});

describe('a token opens its own doors', () => {
  test.each([
    [undefined, 401],
    ['Basic abc', 401],
    ['Bearer ', 401],
    ['Bearer wrong', 403],
    [`Bearer ${tokens.peer}`, 403],
    [`Bearer ${tokens.agent('A1:canary-1')}`, 403],
    [`Bearer ${tokens.admin}`, 200],
    [`bearer ${tokens.admin}`, 200],
  ])('%s: %i', async (authorization, status) => {
    const headers = authorization === undefined ? {} : { authorization };
    expect((await service.inject({ url: '/admin', headers })).statusCode).toBe(status);
  });
});

describe('faults come and go by the control door', () => {
  const headers = { authorization: `Bearer ${tokens.control}` };
  const add = (payload: object) =>
    service.inject({ method: 'POST', url: '/control/faults', headers, payload });

  test('added, listed, removed, cleared', async () => {
    const spec = { kind: 'delay_event', event_type: 'TokensIssued', params: { delay_ms: 5 } };
    const added = await add({ ...spec, memo_prefix: 'canary-', duration_ms: 1000, count: 3 });
    expect(added.statusCode).toBe(201);
    expect(added.json()).toMatchObject({ ...spec, hits: 0, memo_prefix: 'canary-', count: 3 });
    expect(added.json().expires_at).toBe('2026-11-23T18:30:37.123Z');
    const list = async () =>
      (await service.inject({ url: '/control/faults', headers })).json().faults;
    expect(await list()).toEqual([added.json()]);
    const url = `/control/faults/${added.json().id}`;
    const remove = () => service.inject({ method: 'DELETE', url, headers });
    expect((await remove()).statusCode).toBe(204);
    expect((await remove()).json().error.code).toBe('unknown_fault');
    await add(spec);
    await service.inject({ method: 'DELETE', url: '/control/faults', headers });
    expect(await list()).toEqual([]);
  });

  test.each([
    [{ kind: 'rain' }, 'kind'],
    [{ kind: 'stall_stream' }, 'struck by event-store'],
    [{ kind: 'drop_event', at: 'after_store' }, 'before_store'],
    [{ kind: 'drop_event', probability: 2 }, 'probability'],
    [{ kind: 'drop_event', count: 0 }, 'count'],
    [{ kind: 'drop_event', params: { delay_ms: 5 } }, 'delay_ms'],
    [{ kind: 'drop_event', colour: 'red' }, 'colour'],
  ])('%j is refused, naming %s', async (spec, name) => {
    const answer = await add(spec);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.message).toContain(name);
  });

  test('and for nobody without the control token', async () => {
    const answer = await service.inject({ url: '/control/faults' });
    expect(answer.statusCode).toBe(401);
  });
});

test('health carries the own clock, metrics the four families, OpenAPI the routes', async () => {
  expect((await service.inject('/healthz')).json()).toEqual({
    ...{ status: 'ok', service: 'teg', frame: 'A', now: '2026-11-23T18:30:36.123Z' },
    pipe: 'direct',
  });
  await service.inject({ method: 'POST', url: '/sized/1', payload: { amount: '12' } });
  const lines = (await service.inject('/metrics')).body.split('\n');
  const labels = 'method="POST",route="/sized/:id"';
  for (const line of [
    `http_requests_total{${labels},status="200"} 1`,
    'http_requests_total{method="GET",route="unmatched",status="404"} 1',
    `http_request_duration_seconds_count{${labels}} 1`,
    `http_request_size_bytes_sum{${labels}} 15`,
    `http_response_size_bytes_sum{${labels}} 15`,
  ]) {
    expect(lines.filter((each) => each === line)).toEqual([line]);
  }
  const openapi = (await service.inject('/openapi.json')).json();
  expect(openapi.openapi).toBe('3.1.0');
  expect(Object.keys(openapi.paths)).toContain('/echo/{id}');
  expect(openapi.paths['/control/faults'].post.requestBody).toBeDefined();
});
