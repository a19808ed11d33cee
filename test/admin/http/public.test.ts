// What anybody sees where the configuration allows it: figures, never balances, agents or reasons.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicStatusSchema } from '../../../src/admin/operations/public-status.js';
import { exampleConfig, NOW_MS, resultOf, storeClosed, TIMED_OUT } from '../world.js';
import { createFace, type Face } from './face.js';

let face: Face;
let closed: Face;

beforeAll(async () => {
  face = await createFace({ authentication: 'required' });
  closed = await createFace({ settings: { publicStatus: false } });
  for (const { id } of exampleConfig().paths) {
    const failed = id === 'A1.1-B1.1-async' ? TIMED_OUT : {};
    await storeClosed(face.world.results, resultOf(id, failed));
  }
});

afterAll(async () => {
  await Promise.all([face.close(), closed.close()]);
});

const read = (url: string, of: Face = face) => of.app.inject({ url });

test('the figures need no token, and say which routes fail', async () => {
  const status = publicStatusSchema.parse((await read('/status.json')).json());
  expect(status.state).toBe('failing');
  expect(status.routes.filter(({ state }) => state !== 'passing')).toEqual([
    { route: 'A1-B1-async', state: 'failing', uptime: 0.5, p50Ms: 40, p95Ms: 40 },
  ]);
  expect(status.uptime).toBeCloseTo(29 / 30);
  expect(status.at).toBe(new Date(NOW_MS).toISOString());
});

const PUBLIC = ['/status', '/status.json?window=30d', '/badge/all/health.svg'];

test.each(PUBLIC)('%s names no agent, no balance and no reason', async (url) => {
  const { body, statusCode } = await read(url);
  expect(statusCode).toBe(200);
  expect(body).not.toMatch(/canary-1|A1\.1|balance|AVT|before the final deadline|settlement/);
});

test('the page says the state in words, and needs no script', async () => {
  const { body, headers } = await read('/status');
  expect(headers['content-type']).toMatch(/^text\/html/);
  expect(body).toMatch(/<h1>.*1 of \d+ routes fail<\/h1>/);
  expect(body).not.toMatch(/<script|style=|<style/);
  expect((await read('/status.css')).headers['content-type']).toMatch(/^text\/css/);
});

test.each([
  ['all/health', 'canaries: failing'],
  ['all/uptime', 'uptime 24h: 96.66 %'],
  ['A1-B1-async/uptime', 'uptime 24h: 50.00 %'],
  ['A1-A1-intra/uptime', 'uptime 24h: 100.00 %'],
  ['A1-A1-intra/health', 'canaries: passing'],
  ['A1-A1-intra/latency', 'latency 24h: p95 0.04 s'],
])('the badge %s says %s, in its text and to screen readers', async (name, says) => {
  const { body, headers } = await read(`/badge/${name}.svg`);
  expect(headers['content-type']).toMatch(/^image\/svg\+xml/);
  expect(headers['cache-control']).toMatch(/^public, max-age=/);
  expect(body).toContain(`aria-label="${says}"`);
  expect(body).toContain(`>${says.replace(/^.*?: /, '')}</text>`);
});

describe('what is not there', () => {
  test.each([
    ['/badge/A9-B1-async/health.svg', 404],
    ['/badge/all/size.svg', 404],
    ['/status.json?window=1y', 422],
  ])('%s is a %i', async (url, status) => {
    expect((await read(url)).statusCode).toBe(status);
  });

  test.each(PUBLIC)('%s, where nothing is public', async (url) => {
    expect((await read(url, closed)).statusCode).toBe(404);
  });
});

test('a crowd costs one reading of the store', async () => {
  const counted = await createFace();
  let readings = 0;
  const { results } = counted.world;
  const { pathTotals } = results;
  Object.assign(results, {
    pathTotals: (sinceMs: number) => {
      readings += 1;
      return pathTotals(sinceMs);
    },
  });
  await Promise.all(Array.from({ length: 50 }, () => read('/badge/all/uptime.svg', counted)));
  expect(readings).toBe(1);
  await counted.close();
});

test('a store that is away is told as such, and asked again by the next', async () => {
  const away = await createFace({ twist: { postgresAway: true } });
  expect((await read('/status.json', away)).statusCode).toBe(503);
  expect((await read('/badge/all/health.svg', away)).statusCode).toBe(503);
  await away.close();
});
