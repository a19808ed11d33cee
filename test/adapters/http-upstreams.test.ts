// The proxy's requests on real sockets: where they go, what goes with them, what comes back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpUpstreams, upstreamUrl } from '../../src/adapters/http-upstreams.js';
import { UpstreamUnavailableError } from '../../src/adapters/upstream-unavailable-error.js';
import { upstreamPathProblem } from '../../src/domain/upstream.js';
import type { UpstreamRequest } from '../../src/ports.js';
import { type SmallHttpServer, startSmallHttpServer } from '../support/small-http-server.js';

const SECRET = 'glsa_0123456789abcdef';
const MEBIBYTE = 1024 * 1024;
const forever = new AbortController().signal;

let server: SmallHttpServer;
let directory: string;
let tokenFile: string;

beforeAll(async () => {
  server = await startSmallHttpServer();
  directory = mkdtempSync(join(tmpdir(), 'canary-upstreams-'));
  tokenFile = join(directory, 'token');
  writeFileSync(tokenFile, `${SECRET}\n`);
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await server.close();
});

function send(over: Partial<UpstreamRequest> = {}, more: { readonly timeoutMs?: number } = {}) {
  const upstreams = createHttpUpstreams(
    [{ name: 'grafana', url: `${server.url}/base/`, tokenFile }],
    more.timeoutMs,
  );
  const request = {
    target: 'grafana',
    method: 'GET',
    path: '/api/x?a=b',
    body: undefined,
  } as const;
  return upstreams.send({ ...request, ...over }, forever);
}

test('a request goes below the base, with the upstream’s own token', async () => {
  server.answerWith((response) => response.setHeader('content-type', 'a/b').end('yes'));
  const answer = await send();
  expect(answer).toEqual({ status: 200, contentType: 'a/b', text: 'yes', isCut: false });
  const asked = server.asked.at(-1);
  expect(asked).toMatchObject({ method: 'GET', url: '/base/api/x?a=b', body: '' });
  expect(asked?.headers.authorization).toBe(`Bearer ${SECRET}`);
  expect(asked?.headers.cookie).toBeUndefined();
});

test('a body goes as JSON', async () => {
  server.answerWith((response) => response.writeHead(201).end());
  const answer = await send({ method: 'POST', body: '{"a":1}' });
  expect(answer.status).toBe(201);
  expect(server.asked.at(-1)).toMatchObject({ method: 'POST', body: '{"a":1}' });
  expect(server.asked.at(-1)?.headers['content-type']).toBe('application/json');
});

test('a redirect is told and not followed', async () => {
  const before = server.asked.length;
  server.answerWith((response) => response.writeHead(302, { location: `${server.url}/y` }).end());
  expect((await send()).status).toBe(302);
  expect(server.asked.length).toBe(before + 1);
});

test('a token that the upstream tells is not told on, nor its beginning', async () => {
  server.answerWith((response, { headers }) => response.end(`sent: ${headers.authorization}`));
  expect((await send()).text).toBe('sent: Bearer ***');
  const room = MEBIBYTE - 10;
  server.answerWith((response) => response.end(`${'a'.repeat(room)}${SECRET}${'b'.repeat(99)}`));
  const { isCut, text } = await send();
  expect(isCut).toBe(true);
  expect(text).toBe('a'.repeat(room));
});

test('an answer without end is cut, between two characters', async () => {
  server.answerWith((response) => {
    const more = () => {
      while (!response.destroyed && response.write('é'.repeat(50_000)));
    };
    response.on('drain', more);
    more();
  });
  const { isCut, text } = await send();
  expect(isCut).toBe(true);
  expect(Buffer.byteLength(text)).toBe(MEBIBYTE);
  expect(text).not.toContain('\uFFFD');
});

describe('where no answer comes, the upstream is named', () => {
  test('it does not answer in time', async () => {
    server.answerWith(() => undefined);
    await expect(send({}, { timeoutMs: 50 })).rejects.toThrow(
      /^grafana cannot be asked: no answer/,
    );
  });
  test('nobody listens', async () => {
    const upstreams = createHttpUpstreams([{ name: 'A1', url: 'http://127.0.0.1:1' }]);
    const request = { target: 'A1', method: 'GET', path: '/', body: undefined } as const;
    await expect(upstreams.send(request, forever)).rejects.toThrow(UpstreamUnavailableError);
  });
  test.each([
    ['no file', undefined, /cannot be read/],
    ['a file with two lines', 'a\r\nx-other: b', /no bearer token/],
    ['an empty file', '\n', /no bearer token/],
  ])('its token is %s', async (_what, content, problem) => {
    const file = join(directory, `token-${problem.source.length}-${content?.length ?? 'none'}`);
    if (content !== undefined) writeFileSync(file, content);
    const one = { name: 'grafana', url: server.url, tokenFile: file };
    const request = { target: 'grafana', method: 'GET', path: '/', body: undefined } as const;
    const before = server.asked.length;
    await expect(createHttpUpstreams([one]).send(request, forever)).rejects.toThrow(problem);
    expect(server.asked.length).toBe(before);
  });
});

/** Whatever could lead elsewhere, between and around anything. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('/', '//', '\\', '..', '.', '%2e', '%2f', '%5c', '%25', '@', ':', '?', '#'),
      fc.constantFrom('http:', 'evil.example', '\r\n', '\t', '%0d%0a', '%00', ';', '\u2025', ' '),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

property.prop(
  [
    fc.oneof(
      hostile,
      hostile.map((text) => `/${text}`),
      fc.webPath(),
    ),
  ],
  {
    numRuns: 5_000,
  },
)('whatever the path, the request stays at its upstream or is none', (path) => {
  const base = 'http://127.0.0.1:3000/base';
  if (upstreamPathProblem(path) !== undefined) {
    expect(() => upstreamUrl(base, path)).toThrow(TypeError);
    return;
  }
  const url = new URL(upstreamUrl(base, path));
  expect(url.origin).toBe('http://127.0.0.1:3000');
  expect(url.username + url.password + url.hash).toBe('');
  expect(url.pathname).toBe(`/base${path.split('?')[0]}`);
});
