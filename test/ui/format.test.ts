// Figures as the page shows them: exact, never rounded up, never invented.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMoment, parseMoment } from '../../ui/src/dialogs/moment.js';
import {
  amount,
  amountParts,
  clockFraction,
  cycleClock,
  daysLeft,
  dayTime,
  duration,
  percent,
  seatsOf,
  seconds,
  shortAmount,
  stopwatch,
} from '../../ui/src/format.js';
import { NOW_MS } from './views.js';

const EN = { group: ',', decimal: '.' };
const DE = { group: '.', decimal: ',' };

describe('durations', () => {
  test.each([
    [-5, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [432_000, '7 min 12 s'],
    [10_080_000, '2 h 48 min'],
    [3_600_000, '1 h'],
    [280_320_000, '3 d 5 h'],
  ])('%i ms', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  test.each([
    [0, '0:00'],
    [293_000, '4:53'],
    [3_893_000, '1:04:53'],
  ])('%i ms by the stopwatch', (ms, text) => {
    expect(stopwatch(ms)).toBe(text);
  });
});

describe('shares', () => {
  test.each([
    [0, 0, '–'],
    [30, 30, '100'],
    [43_188, 43_195, '99.98'],
    [999_999, 1_000_000, '99.999'],
    [9_999_999, 10_000_000, '99.999'],
    [1, 3, '33.33'],
    [0, 7, '0.00'],
  ])('%i of %i', (passed, of, text) => {
    expect(percent(passed, of, EN)).toBe(text);
  });

  test('nothing but all is a hundred', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.nat(10 ** 9), (of, missing) => {
        const passed = Math.max(0, of - missing);
        expect(percent(passed, of, EN) === '100').toBe(passed === of);
      }),
    );
  });
});

describe('money', () => {
  test.each([
    ['1200000000.000000', EN, '1,200,000,000.000000'],
    ['-182404.250000', EN, '−182,404.250000'],
    ['0.000001', DE, '0,000001'],
    ['-0.000001', EN, '−0.000001'],
  ])('%s', (text, style, shown) => {
    expect(amount(text, style)).toBe(shown);
  });

  test('keeps every digit', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }),
        fc.nat(999_999),
        (whole, part) => {
          const text = `${whole}.${String(part).padStart(6, '0')}`;
          const parts = amountParts(text, EN);
          const back = `${parts.whole}${parts.fraction}`.replaceAll(',', '').replace('−', '-');
          expect(back).toBe(text);
        },
      ),
    );
  });

  test('a float is cut to two places and lasts whole days', () => {
    expect(shortAmount('4974.319999', EN)).toBe('4,974.31');
    expect(daysLeft('10.000000', '3.000000')).toBe(3);
    expect(daysLeft('10.000000', '0.000000')).toBeUndefined();
  });
});

describe('times and names', () => {
  test('the day is told where it is another one', () => {
    expect(dayTime('2026-11-23T14:02:07.000Z', NOW_MS)).toBe('14:02:07');
    expect(dayTime('2026-11-20T08:16:00.000Z', NOW_MS)).toBe('2026-11-20 08:16:00');
    expect(clockFraction('2026-11-23T14:02:07.419Z')).toBe('14:02:07.41');
  });

  test('an unknown latency is a dash', () => {
    expect(seconds(undefined, EN)).toBe('–');
    expect(seconds(1_230, DE, 3)).toBe('1,230');
  });

  test('paths and cycles', () => {
    expect(seatsOf('A1.1-B1.2-2pc')).toEqual({ sender: 'A1/1', receiver: 'B1/2', backend: '2pc' });
    const clock = '18:30:00';
    expect(cycleClock('20261123T183000Z')).toEqual({ clock, byHand: false });
    expect(cycleClock('hand-20261123T183000123Z')).toEqual({ clock, byHand: true });
    expect(cycleClock('hand-7')).toBeUndefined();
  });

  test('a moment is read back as it was written', () => {
    expect(parseMoment(formatMoment(NOW_MS))).toBe('2026-11-23T18:30:00Z');
    expect(parseMoment('tomorrow')).toBe('tomorrow');
  });
});
