// The news over a real socket: what comes, once and in order, and what was missed after a break.
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mintToken } from '../../../src/admin/api-token.js';
import type { ActionLog } from '../../../src/ports.js';
import { until } from '../../support/until.js';
import { NOW_MS, resultOf } from '../world.js';
import { createFace, type Face } from './face.js';

let face: Face;
let url: string;
const leave = new Set<AbortController>();

beforeEach(async () => {
  face = await createFace({ settings: { hosts: undefined } });
  url = await face.app.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  for (const one of leave) one.abort();
  leave.clear();
  await face.close();
});

interface Heard {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: { readonly testId?: string; readonly operation?: string };
}

async function listen(lastEventId?: string): Promise<{ heard: Heard[]; stop(): void }> {
  const abort = new AbortController();
  leave.add(abort);
  const answer = await fetch(`${url}/api/v1/stream`, {
    signal: abort.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const heard: Heard[] = [];
  void collect(answer, heard).catch(() => undefined);
  return { heard, stop: () => abort.abort() };
}

async function collect(answer: Response, heard: Heard[]): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
      const event = field('event');
      if (event !== undefined) {
        heard.push({ event, id: field('id'), data: JSON.parse(field('data') ?? '{}') });
      }
    }
  }
}

const store = (testId: string, decidedAtMs: number) =>
  face.world.results.record(resultOf('A1.1-A1.2-intra', { testId, decidedAtMs }), []);

async function begin(actions: ActionLog, operation: string): Promise<number> {
  const who = { actor: 'me', face: 'cli', subject: '', input: {}, idempotencyKey: undefined };
  const begun = await actions.begin({ ...who, atMs: NOW_MS, operation }, '');
  if (begun.kind !== 'begun') throw new Error(`${operation} is ${begun.kind}`);
  return begun.actionId;
}

const testIds = (heard: readonly Heard[]) =>
  heard.filter(({ event }) => event === 'result').map(({ data }) => data.testId);

test('every viewer hears of a result once', async () => {
  const viewers = [await listen(), await listen()];
  await store('one', NOW_MS);
  for (const { heard } of viewers) {
    await until(() => expect(testIds(heard)).toEqual(['one']));
  }
  await store('two', NOW_MS + 1);
  for (const { heard } of viewers) {
    await until(() => expect(testIds(heard)).toEqual(['one', 'two']));
  }
});

test('what an operator did is told when it has ended', async () => {
  const { actions } = face.world;
  const { heard } = await listen();
  const told = () => heard.filter(({ event }) => event === 'action').map(({ data }) => data);
  const actionId = await begin(actions, 'pause');
  await begin(actions, 'resume');
  await store('one', NOW_MS);
  await until(() => expect(testIds(heard)).toEqual(['one']));
  expect(told()).toEqual([]);
  await actions.end(actionId, { atMs: NOW_MS, outcome: 'done', answer: {} });
  await until(() => expect(told()).toHaveLength(1));
  await store('two', NOW_MS + 1);
  await until(() => expect(testIds(heard)).toEqual(['one', 'two']));
  expect(told()).toMatchObject([{ action: actionId, operation: 'pause', outcome: 'done' }]);
});

test('who comes back with the last id hears what was missed, in order', async () => {
  await store('a', NOW_MS - 3_600_000);
  await store('b', NOW_MS - 1_800_000);
  await store('c', NOW_MS - 900_000);
  const { heard } = await listen(String(NOW_MS - 1_800_000));
  await until(() => expect(testIds(heard)).toEqual(['b', 'c']));
  await store('d', NOW_MS);
  await until(() => expect(testIds(heard)).toEqual(['b', 'c', 'd']));
});

test.each(['', 'x', '-1', '1'.repeat(20)])('an id that is none, %j, is as no id', async (id) => {
  await store('old', NOW_MS - 3_600_000);
  const { heard } = await listen(id);
  await store('new', NOW_MS);
  await until(() => expect(testIds(heard)).toEqual(['new']));
});

test('who left is not told, and leaves nothing behind', async () => {
  const { stop } = await listen();
  expect(face.news.viewers()).toBe(1);
  stop();
  await until(() => expect(face.news.viewers()).toBe(0));
  const stays = await listen();
  await pause(50);
  await store('one', NOW_MS);
  await until(() => expect(testIds(stays.heard)).toEqual(['one']));
});

/** A token that may read, and its text. */
function viewerToken() {
  const { digest, id, text } = mintToken();
  const made = { createdAtMs: 0, createdBy: 'x', revokedAtMs: undefined };
  const name = { name: 'a viewer', role: 'read' } as const;
  return { text, token: { ...made, ...name, id, digest, expiresAtMs: NOW_MS + 60_000 } };
}

test('who leaves while he is looked up leaves nothing behind', async () => {
  const { text, token } = viewerToken();
  let answer: (found: typeof token) => void = () => undefined;
  const looking = vi.fn(
    () =>
      new Promise<typeof token>((resolve) => {
        answer = resolve;
      }),
  );
  const slow = await createFace({ settings: { hosts: undefined }, identifyBy: { find: looking } });
  const address = await slow.app.listen({ host: '127.0.0.1', port: 0 });
  const leaving = new AbortController();
  const headers = { authorization: `Bearer ${text}` };
  const request = fetch(`${address}/api/v1/stream`, { signal: leaving.signal, headers });
  await until(() => expect(looking).toHaveBeenCalled());
  leaving.abort();
  await expect(request).rejects.toThrow();
  // The server hears of it by the socket.
  await pause(100);
  answer(token);
  await pause(100);
  expect(slow.news.viewers()).toBe(0);
  await slow.close();
});

test('whose token is revoked hears no more', async () => {
  const closed = await createFace({
    authentication: 'required',
    settings: { hosts: undefined, heartbeatMs: 20 },
  });
  const address = await closed.app.listen({ host: '127.0.0.1', port: 0 });
  const { text, token } = viewerToken();
  const { tokens } = closed.world;
  await tokens.create(token);
  const answer = await fetch(`${address}/api/v1/stream`, {
    headers: { authorization: `Bearer ${text}` },
  });
  const heard: Heard[] = [];
  const ended = collect(answer, heard);
  await pause(100);
  expect(closed.news.viewers()).toBe(1);
  await tokens.revoke(token.id, NOW_MS);
  await ended;
  await until(() => expect(closed.news.viewers()).toBe(0));
  await closed.close();
});
