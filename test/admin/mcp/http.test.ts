// The MCP face over streamable HTTP, asked by the protocol's own client.
import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpUpstreams } from '../../../src/adapters/http-upstreams.js';
import { ANSWER_CHARACTERS_MAX } from '../../../src/admin/mcp/tool-answer.js';
import { TOOLS } from '../../../src/admin/mcp/tools.js';
import { invoke } from '../../../src/admin/operation.js';
import { OPERATIONS } from '../../../src/admin/operations.js';
import type { Role } from '../../../src/domain/role.js';
import { type SmallHttpServer, startSmallHttpServer } from '../../support/small-http-server.js';
import { createListener, NOW_MS, resultOf, storeClosed, TIMED_OUT } from '../world.js';
import { type ServedFace, serveFace, textOf } from './client.js';

const PATH = 'A1.1-B1.1-async';
const FAILED = '20261123T183000Z-A1.1-B1.1-async';

let grafana: SmallHttpServer;
let open: ServedFace;
let closed: ServedFace;
let client: Client;

beforeAll(async () => {
  grafana = await startSmallHttpServer();
  grafana.answerWith((response, { method, url }) => response.end(JSON.stringify({ method, url })));
  const upstreams = createHttpUpstreams([
    { name: 'grafana', url: grafana.url },
    { name: 'A1', url: grafana.url },
  ]);
  open = await serveFace({ twist: { upstreams } });
  closed = await serveFace({ authentication: 'required', twist: { upstreams } });
  await storeClosed(open.world.results, resultOf(PATH, TIMED_OUT));
  ({ client } = await open.session());
});

afterAll(async () => {
  await client.close();
  await Promise.all([open.close(), closed.close(), grafana.close()]);
});

const call = (name: string, args: Record<string, unknown> = {}, by: Client = client) =>
  by.callTool({ name, arguments: args });

async function tokenOf(role: Role): Promise<string> {
  const input = { name: `a ${role}`, role };
  const answer = await invoke(OPERATIONS.tokenCreate, closed.world, input, createListener());
  if (answer.kind !== 'done') throw new Error(answer.kind);
  return answer.value.token;
}

/** The tools that are offered to a role. */
async function offeredTo(role: Role): Promise<readonly string[]> {
  const { client: by, close } = await closed.session(await tokenOf(role));
  const { tools } = await by.listTools();
  await close();
  return tools.map(({ name }) => name);
}

describe('what is offered', () => {
  test('every operation but the one that would tell a secret, each described in full', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
    expect(new Set(tools.map(({ name }) => name)).size).toBe(Object.keys(OPERATIONS).length - 1);
    for (const { annotations, description, inputSchema, name, outputSchema, title } of tools) {
      expect(name).toMatch(/^(canary|theprotocol)_[a-zA-Z]+$/);
      expect(title).toBeTruthy();
      expect(description).toMatch(/^[A-Z].*Needs the right to (read|operate|admin)\.$/);
      expect(inputSchema.additionalProperties).toBe(false);
      expect(outputSchema?.type).toBe('object');
      expect(
        Object.values(annotations ?? {}).filter((hint) => typeof hint === 'boolean'),
      ).toHaveLength(4);
    }
  });

  test('an operation that needs more than read is not called one that only reads', () => {
    for (const { hints, operation } of TOOLS) {
      if (operation.role === 'read' && operation.roleFor === undefined) continue;
      if (operation.name === 'tokens') continue;
      expect(hints.readOnlyHint, operation.name).toBe(false);
    }
  });

  test('by role, no more than its caller may use', async () => {
    const [read, operate, admin] = [
      await offeredTo('read'),
      await offeredTo('operate'),
      await offeredTo('admin'),
    ];
    expect(read).toContain('theprotocol_adminRequest');
    expect(read).not.toContain('canary_fire');
    expect(operate).toContain('canary_fire');
    expect(operate).not.toContain('canary_revokeToken');
    expect(admin).toEqual(TOOLS.map(({ name }) => name));
  });
});

describe('what is answered', () => {
  test('a value by its schema, and the same as text', async () => {
    const answer = await call('canary_getResult', { testId: FAILED });
    expect(answer.isError).toBeFalsy();
    expect(answer.structuredContent).toMatchObject({ testId: FAILED, state: 'closed' });
    expect(JSON.parse(textOf(answer))).toEqual(answer.structuredContent);
  });

  test('a failure explained', async () => {
    const answer = await call('canary_explain', { testId: FAILED });
    const { explanation, next, phase } = answer.structuredContent as Record<string, unknown>;
    expect(phase).toBe('settlement');
    expect(explanation).toContain(
      'The test failed (timeout) in the phase settlement: ' +
        'the transfer left the sender and was not seen to reach the receiver.',
    );
    expect(JSON.stringify(next)).toContain(PATH);
  });

  test('a fire, once under its key, in the log of actions as of this face', async () => {
    const args = { path: PATH, wait: false, idempotencyKey: 'one' };
    const before = open.world.started.length;
    const [one, other] = [await call('canary_fire', args), await call('canary_fire', args)];
    expect(other.structuredContent).toEqual(one.structuredContent);
    expect(open.world.started.length).toBe(before + 1);
    const log = await call('canary_listActions', { operation: 'fire' });
    expect(textOf(log)).toContain('"face":"mcp"');
  });

  test('another body under a used key is refused', async () => {
    const write = (n: number) =>
      call('theprotocol_adminRequest', {
        ...{ target: 'A1', path: '/x', method: 'POST', idempotencyKey: 'body' },
        body: { n },
      });
    expect((await write(1)).isError).toBeFalsy();
    const other = await write(2);
    expect([other.isError, textOf(other)]).toEqual([
      true,
      expect.stringMatching(/^idempotencyKey: "body" was used at .+ with another input/),
    ]);
  });

  test('how a long one goes on, where it is asked for', async () => {
    const told: string[] = [];
    await client.callTool(
      { name: 'canary_fireCycle', arguments: {} },
      { onprogress: ({ message }) => void told.push(message ?? '') },
    );
    expect(told.join()).toMatch(/cycle/);
  });
});

describe('what is not', () => {
  interface Case {
    readonly what: string;
    readonly tool: string;
    readonly args?: Record<string, unknown>;
    readonly says: RegExp;
  }
  const proxy = (what: string, args: Record<string, unknown>, says: RegExp): Case => ({
    what,
    tool: 'theprotocol_adminRequest',
    args,
    says,
  });
  const cases: readonly Case[] = [
    { what: 'no such tool', tool: 'canary_x', says: /no tool; tools\/list/ },
    {
      what: 'a test that is not there',
      tool: 'canary_getResult',
      args: { testId: 'x' },
      says: /testId: "x" .*\n.*mend the field/,
    },
    {
      what: 'a field that nobody knows',
      tool: 'canary_getStatus',
      args: { all: true },
      says: /all: .*not a field/,
    },
    { what: 'a path of no one', tool: 'canary_fire', args: { path: 'A9' }, says: /allowed: / },
    {
      what: 'a key that is no text',
      tool: 'canary_fire',
      args: { idempotencyKey: 1 },
      says: /must be text/,
    },
    {
      what: 'Prometheus, which is not configured',
      tool: 'theprotocol_adminPromQuery',
      args: { query: 'up' },
      says: /target: "prometheus" .*\n?.*allowed: grafana, A1/,
    },
    {
      what: 'a range without its end',
      tool: 'theprotocol_adminPromQuery',
      args: { query: 'up', start: 1, end: null },
      says: /end: "nothing" is needed/,
    },
    {
      what: 'a range that runs back',
      tool: 'theprotocol_adminPromQuery',
      args: { query: 'up', start: '2026-11-23T18:30:00Z', end: 5 },
      says: /before the start/,
    },
    {
      what: 'a time that is none',
      tool: 'theprotocol_adminPromQuery',
      args: { query: 'up', start: 'now', end: 5 },
      says: /start: "now" must be a time/,
    },
    {
      what: 'a step that is none',
      tool: 'theprotocol_adminPromQuery',
      args: { query: 'up', start: 1, end: 5, step: '0' },
      says: /step: "0" must be a duration/,
    },
    {
      what: 'a way out of Grafana',
      tool: 'theprotocol_adminGrafanaQuery',
      args: { path: '//evil.example/' },
      says: /path: .*one \//,
    },
    proxy('another host', { target: 'evil.example', path: '/' }, /not a configured upstream/),
    proxy('an address as a target', { target: grafanaLike(), path: '/' }, /not a configured/),
    proxy('an absolute address', { target: 'A1', path: 'http://evil.example/' }, /begin with one/),
    proxy('the place above', { target: 'A1', path: '/a/%2e%2e/b' }, /leave its place/),
    proxy('a header in the path', { target: 'A1', path: '/a\r\nx: y' }, /path may hold/),
    proxy('a method of no one', { target: 'A1', path: '/', method: 'CONNECT' }, /allowed: GET/),
    proxy('a body with GET', { target: 'A1', path: '/', body: {} }, /not sent with GET/),
    proxy('headers', { target: 'A1', path: '/', headers: {} }, /not a field/),
  ];
  test.each(cases)('$what', async ({ args, says, tool }) => {
    const before = grafana.asked.length;
    const answer = await call(tool, args);
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(says);
    expect(grafana.asked.length).toBe(before);
  });

  test('what a caller may not, though it was not offered', async () => {
    const { client: reader, close } = await closed.session(await tokenOf('read'));
    const fired = await call('canary_fire', { path: PATH, wait: false }, reader);
    expect(textOf(fired)).toMatch(/needs the right to operate/);
    expect(closed.world.started).toEqual([]);
    const asked = { target: 'A1', path: '/', method: 'DELETE' };
    const before = grafana.asked.length;
    expect(textOf(await call('theprotocol_adminRequest', asked, reader))).toMatch(/right to admin/);
    expect(grafana.asked.length).toBe(before);
    expect(
      (await call('theprotocol_adminRequest', { ...asked, method: 'GET' }, reader)).isError,
    ).toBeFalsy();
    await close();
  });

  test('without a token, or with a wrong one', async () => {
    await expect(closed.session()).rejects.toThrow();
    await expect(closed.session(`cnry_${'0'.repeat(12)}_${'x'.repeat(43)}`)).rejects.toThrow();
  });
});

function grafanaLike(): string {
  return 'http://127.0.0.1:1';
}

describe('the proxies', () => {
  test('Grafana by path and method, with nothing of the caller’s', async () => {
    const { client: admin, close } = await closed.session(await tokenOf('admin'));
    const args = { path: '/api/dashboards/uid/system-overview', method: 'GET' };
    const { structuredContent } = await call('theprotocol_adminGrafanaQuery', args, admin);
    expect(structuredContent).toMatchObject({
      status: 200,
      body: { method: 'GET', url: '/api/dashboards/uid/system-overview' },
      truncated: false,
    });
    expect(grafana.asked.at(-1)?.headers.authorization).toBeUndefined();
    await close();
  });

  test('a write of an admin goes out with its body, which no log keeps', async () => {
    const args = { target: 'A1', path: '/x', method: 'POST', body: { password: 'hunter2' } };
    expect((await call('theprotocol_adminRequest', args)).isError).toBeFalsy();
    expect(grafana.asked.at(-1)?.body).toBe('{"password":"hunter2"}');
    const log = textOf(await call('canary_listActions', { operation: 'request' }));
    expect(log).toContain('POST A1 /x');
    expect(log).not.toContain('hunter2');
  });

  test('an upstream that is away is named', async () => {
    const away = createHttpUpstreams([{ name: 'grafana', url: 'http://127.0.0.1:1' }]);
    const face = await serveFace({ twist: { upstreams: away } });
    const { client: by, close } = await face.session();
    const answer = await call('theprotocol_adminGrafanaQuery', { path: '/' }, by);
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(/^grafana cannot be asked: .*\ncanary_doctor/s);
    await close();
    await face.close();
  });
});

test('a long answer is cut, stays what its schema says, and tells how to ask', async () => {
  const face = await serveFace();
  for (let index = 0; index < 300; index += 1) {
    const cycleId = `cycle-${index}`;
    const told = { cycleId, decidedAtMs: NOW_MS + index, reason: 'as long as it gets '.repeat(20) };
    await storeClosed(face.world.results, resultOf(PATH, told));
  }
  const { client: by, close } = await face.session();
  const answer = await call('canary_listResults', { limit: 100 }, by);
  const { nextCursor, results } = answer.structuredContent as {
    nextCursor?: string;
    results: unknown[];
  };
  expect(JSON.stringify(answer.structuredContent).length).toBeLessThanOrEqual(
    ANSWER_CHARACTERS_MAX,
  );
  expect(results.length).toBeGreaterThan(20);
  expect(nextCursor).toBeUndefined();
  expect(textOf(answer)).toMatch(/results shows \d+ of 100.*smaller `limit`/);
  await close();
  await face.close();
});

describe('the guards of the server', () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
  const fire = {
    ...message,
    method: 'tools/call',
    params: { name: 'canary_fire', arguments: { path: PATH, wait: false } },
  };
  const post = (face: ServedFace, payload: unknown, headers: Record<string, string> = {}) =>
    face.app.inject({
      method: 'POST',
      url: '/mcp',
      payload: JSON.stringify(payload),
      headers: {
        host: '127.0.0.1',
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
    });

  test.each([
    ['a host of no one', message, { host: 'evil.example' }, 421],
    ['another site', message, { origin: 'http://evil.example' }, 403],
    ['several messages at once', [fire, fire], {}, 400],
    ['too long a message', { ...message, params: { x: 'y'.repeat(70_000) } }, {}, 413],
    ['no JSON', message, { 'content-type': 'text/plain' }, 415],
    ['a token of no form', message, { authorization: 'Bearer x' }, 401],
    ['a good one', message, {}, 200],
  ])('%s', async (_what, payload, headers, status) => {
    expect((await post(open, payload, headers)).statusCode).toBe(status);
  });

  test.each(['GET', 'DELETE'] as const)('%s is not taken', async (method) => {
    const answer = await open.app.inject({ method, url: '/mcp', headers: { host: '127.0.0.1' } });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe('POST');
  });

  test('actions have the limit of actions, readings their own', async () => {
    const face = await serveFace({ settings: { actionsPerMinute: 2, hosts: ['127.0.0.1'] } });
    const statuses = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await post(face, fire)).statusCode);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await post(face, message)).statusCode).toBe(200);
    await face.close();
  });
});
