// The built page as it is served: as it was asked for, and kept as long as its name allows.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFace, type Face } from './face.js';

const SCRIPT = `"${'a script '.repeat(100)}"`;

let directory: string;
let face: Face;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'canary-page-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), '<!doctype html>');
  const script = join(directory, 'assets', 'index-CM5yVg9x.js');
  await writeFile(script, SCRIPT);
  await writeFile(`${script}.br`, brotliCompressSync(SCRIPT));
  await writeFile(`${script}.gz`, gzipSync(SCRIPT));
  face = await createFace({ settings: { pageDirectory: directory } });
});

afterAll(async () => {
  await face.close();
  await rm(directory, { recursive: true, force: true });
});

const FOR_EVER = 'public, max-age=31536000, immutable';
const SCRIPT_URL = '/ui/assets/index-CM5yVg9x.js';

interface Case {
  readonly url: string;
  readonly accepts: string;
  readonly encoding: string | undefined;
  readonly kept: string;
  readonly type: RegExp;
}

const CASES: readonly Case[] = [
  { url: SCRIPT_URL, accepts: 'gzip, br', encoding: 'br', kept: FOR_EVER, type: /javascript/ },
  { url: SCRIPT_URL, accepts: 'gzip', encoding: 'gzip', kept: FOR_EVER, type: /javascript/ },
  { url: SCRIPT_URL, accepts: '', encoding: undefined, kept: FOR_EVER, type: /javascript/ },
  { url: '/ui/', accepts: 'br', encoding: undefined, kept: 'no-cache', type: /html/ },
];

test.each(CASES)('$url for one who takes "$accepts"', async (one) => {
  const headers = one.accepts === '' ? {} : { 'accept-encoding': one.accepts };
  const answer = await face.app.inject({ url: one.url, headers });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-encoding']).toBe(one.encoding);
  expect(answer.headers['cache-control']).toBe(one.kept);
  expect(answer.headers['content-type']).toMatch(one.type);
});
