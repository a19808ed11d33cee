// The catalogues of texts: both languages have the same gaps.
import { describe, expect, test } from 'vitest';
import { DE } from '../../ui/src/strings/de.js';
import { EN } from '../../ui/src/strings/en.js';
import { fill } from '../../ui/src/strings/fill.js';

describe('the catalogues', () => {
  const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  test('have the same gaps in every text', () => {
    for (const [key, text] of Object.entries(EN)) {
      expect([key, gaps(DE[key as keyof typeof DE])]).toEqual([key, gaps(text)]);
    }
  });

  test('a gap without a value stays to be seen', () => {
    expect(fill('{count} of {total}', { count: 0 })).toBe('0 of {total}');
  });
});
