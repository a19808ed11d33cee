// One scrape of another program: whatever the target does, it ends, bounded, in one kind of error.
import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { type FamiliesTarget, fetchFamilies } from '../../src/exporters/fetch-families.js';
import { ScrapeError } from '../../src/exporters/scrape.js';
import { serve } from './page.js';

const PATIENT_MS = 60_000;

async function scrape(answer: string | RequestListener, limits: Partial<FamiliesTarget> = {}) {
  const target = await serve(answer);
  try {
    return await fetchFamilies({
      url: target.url,
      timeoutMs: PATIENT_MS,
      bytesMax: 1_000,
      ...limits,
    });
  } finally {
    await target.close();
  }
}

/** Writes for ever, as fast as it is read. */
const flood: RequestListener = (_request, response) => {
  const pour = () => {
    while (response.write('# a comment is no sample\n'));
  };
  response.on('drain', pour);
  pour();
};

test.each<[string, RequestListener, Partial<FamiliesTarget>, string]>([
  ['never answers', () => undefined, { timeoutMs: 100 }, 'no answer in 100 ms'],
  [
    'never ends',
    (_request, response) => response.write('x 1\n'),
    { timeoutMs: 100 },
    'no answer in 100 ms',
  ],
  ['floods', flood, {}, 'more than 1000 bytes'],
  [
    'breaks off',
    (request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('x 1\n', () => request.socket.destroy());
    },
    {},
    '',
  ],
])('a target that %s', async (_what, listener, limits, problem) => {
  const failure = await scrape(listener, limits).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ScrapeError);
  expect(String(failure)).toContain(problem);
});

test('an address where nobody listens', async () => {
  const target = await serve('');
  await target.close();
  const limits = { timeoutMs: PATIENT_MS, bytesMax: 1_000 };
  await expect(fetchFamilies({ url: target.url, ...limits })).rejects.toThrow(ScrapeError);
});

test('text that arrives in pieces, with characters cut in two', async () => {
  const lines = Array.from({ length: 20 }, (_, index) => {
    // Of odd and even length in turn, so that some piece ends within a character.
    const name = index % 2 === 0 ? 'a' : 'aa';
    const value = 'é'.repeat(20_000 + index);
    return { line: `x{${name}="${value}"} 1\n`, labels: { [name]: value } };
  });
  const text = lines.map(({ line }) => line).join('');
  const families = await scrape(text, { bytesMax: 2 * text.length });
  expect(families[0]?.samples.map(({ labels }) => labels)).toEqual(
    lines.map(({ labels }) => labels),
  );
});
