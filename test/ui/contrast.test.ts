// The colours of both themes keep the contrast that WCAG 2.2 asks for: words 4.5, shapes and the
// borders of controls 3.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../stack/directories.js';

const css = readFileSync(join(PROJECT_ROOT, 'ui/src/styles/tokens.css'), 'utf8');

const TOKENS = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\(\s*(#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\s*\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
);

const WORDS = 4.5;
const SHAPES = 3;

const PAIRS: readonly [tokens: readonly string[], on: readonly string[], least: number][] = [
  [['ink', 'ink-2', 'ink-3'], ['bg', 'surface', 'inset', 'fail-tint'], WORDS],
  [['accent'], ['bg', 'surface', 'inset', 'accent-tint', 'fail-tint'], WORDS],
  [['on-accent'], ['accent'], WORDS],
  [['pass-ink', 'warn-ink', 'fail-ink', 'own-ink', 'none-ink'], ['bg', 'surface', 'inset'], WORDS],
  [['fail-ink'], ['fail-tint'], WORDS],
  [['warn-ink'], ['warn-tint'], WORDS],
  [['pass-mark', 'warn-mark', 'fail-mark', 'own-mark', 'none-mark'], ['surface', 'inset'], SHAPES],
  [['pass-mark', 'warn-mark', 'fail-mark', 'none-mark'], ['fail-tint'], SHAPES],
  [['on-mark'], ['fail-mark'], SHAPES],
  [['control'], ['bg', 'surface'], SHAPES],
];

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  const colour = (token: string): string => {
    const found = TOKENS.get(token);
    if (found === undefined) throw new Error(`no token ${token}`);
    return found[theme];
  };
  const cases = PAIRS.flatMap(([tokens, grounds, least]) =>
    tokens.flatMap((token) => grounds.map((ground) => [token, ground, least] as const)),
  );
  test.each(cases)('%s on %s', (token, ground, least) => {
    expect(contrast(colour(token), colour(ground))).toBeGreaterThanOrEqual(least);
  });
});
