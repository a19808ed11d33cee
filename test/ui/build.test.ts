// The built page: small enough, nothing inline, and rebuilt when a source of it has changed.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../stack/directories.js';
import { preparePage } from '../../stack/page.js';

const DIST = join(PROJECT_ROOT, 'ui', 'dist');
const SCRIPT_BYTES_MAX = 60_000;

const BUILD_MS_MAX = 120_000;

beforeAll(() => preparePage(), BUILD_MS_MAX);

function built(extension: string): readonly string[] {
  const names = readdirSync(DIST, { recursive: true }).map(String);
  return names.filter((name) => name.endsWith(extension)).map((name) => join(DIST, name));
}

test('all scripts together stay within 60 kB compressed', () => {
  const bytes = built('.js').map((file) => gzipSync(readFileSync(file)).length);
  expect(bytes.length).toBeGreaterThan(0);
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(SCRIPT_BYTES_MAX);
});

test('beside each text stands the same, compressed in both ways', () => {
  const files = ['.js', '.css', '.html', '.svg'].flatMap(built);
  expect(files.length).toBeGreaterThan(6);
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    expect(brotliDecompressSync(readFileSync(`${file}.br`)).toString()).toBe(text);
    expect(gunzipSync(readFileSync(`${file}.gz`)).toString()).toBe(text);
  }
});

test('the bar stands in the file itself, before any script has come', () => {
  const [page] = built('.html').map((file) => readFileSync(file, 'utf8'));
  expect(page).toMatch(/<div id="page"><header class="bar">.*Reactor.*<\/header><\/div>/);
});

describe('nothing needs a wider content security policy', () => {
  test('no inline script, style or handler in the page', () => {
    const [page] = built('.html').map((file) => readFileSync(file, 'utf8'));
    expect(page).toMatch(/<script type="module" crossorigin src="\/ui\/assets\/[^"]+"><\/script>/);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(page).not.toMatch(/<style|\sstyle="|\son[a-z]+="/);
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  test('no style attribute is written by a component, and nothing is loaded from elsewhere', () => {
    const sources = readdirSync(join(PROJECT_ROOT, 'ui', 'src'), { recursive: true }).map(String);
    const components = sources.filter((name) => name.endsWith('.tsx'));
    expect(components.length).toBeGreaterThan(10);
    for (const name of components) {
      const text = readFileSync(join(PROJECT_ROOT, 'ui', 'src', name), 'utf8');
      expect(text, name).not.toMatch(/\sstyle=|dangerouslySetInnerHTML|https?:\/\//);
    }
    for (const file of built('.css')) {
      expect(readFileSync(file, 'utf8')).not.toMatch(/url\(|@import/);
    }
  });
});

describe('building', () => {
  const index = join(DIST, 'index.html');

  test('is done once for the same sources', async () => {
    const before = statSync(index).mtimeMs;
    await preparePage();
    expect(statSync(index).mtimeMs).toBe(before);
  });

  test('is done again where the page is gone', { timeout: BUILD_MS_MAX }, async () => {
    rmSync(DIST, { recursive: true });
    await preparePage();
    expect(existsSync(index)).toBe(true);
  });
});
