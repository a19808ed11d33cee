// The Prometheus text format, read and written: what is valid, what is not, and nothing is lost.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Family } from '../../src/exporters/family.js';
import {
  createFamilyReader,
  MetricsTextError,
  readFamilies,
} from '../../src/exporters/read-text.js';
import { writeFamilies } from '../../src/exporters/write-text.js';

function sample(name: string, value: string, labels: Record<string, string> = {}) {
  return { name, labels, value };
}

describe('a text that is read', () => {
  const cases: readonly (readonly [what: string, text: string, families: readonly Family[]])[] = [
    ['nothing', '', []],
    [
      'a bare sample is untyped',
      'up 1',
      [{ name: 'up', type: 'untyped', help: '', samples: [sample('up', '1')] }],
    ],
    [
      'HELP and TYPE in either order, escapes, a comment, a blank line',
      '# TYPE x counter\n# HELP x one \\\\ two\\nthree\n# hello\n\nx{a="q\\"\\\\\\n"} 1e+06\n',
      [
        {
          name: 'x',
          type: 'counter',
          help: 'one \\ two\nthree',
          samples: [sample('x', '1e+06', { a: 'q"\\\n' })],
        },
      ],
    ],
    [
      'white space, a trailing comma, a timestamp, line ends of Windows',
      'x{ a = "1" , b="}" , } -1.5 1395066363000\r\nx{} +Inf\n',
      [
        {
          name: 'x',
          type: 'untyped',
          help: '',
          samples: [sample('x', '-1.5', { a: '1', b: '}' }), sample('x', '+Inf')],
        },
      ],
    ],
    [
      'a histogram keeps its parts',
      '# TYPE h histogram\nh_bucket{le="+Inf"} 2\nh_sum 3.5\nh_count 2\n',
      [
        {
          name: 'h',
          type: 'histogram',
          help: '',
          samples: [
            sample('h_bucket', '2', { le: '+Inf' }),
            sample('h_sum', '3.5'),
            sample('h_count', '2'),
          ],
        },
      ],
    ],
    ['a family without samples is none', '# TYPE x gauge\n# HELP x nothing\n', []],
  ];
  test.each(cases)('%s', (_what, text, families) => {
    expect(readFamilies(text)).toEqual(families);
  });
});

describe('a text that is refused', () => {
  test.each([
    ['a web page', '<!doctype html>\n<title>x</title>'],
    ['JSON', '{"a": 1}'],
    ['prose', 'all is well'],
    ['a name without a value', 'x'],
    ['a value that is no number', 'x one'],
    ['an open brace', 'x{a="1" 1'],
    ['labels without a comma', 'x{a="1" b="2"} 1'],
    ['an open quote', 'x{a="1} 1'],
    ['an unknown escape', 'x{a="\\t"} 1'],
    ['a label twice', 'x{a="1",a="2"} 1'],
    ['an unknown type', '# TYPE x info\nx 1'],
    ['a second type', '# TYPE x gauge\n# TYPE x counter\nx 1'],
    ['a type after samples', 'x 1\n# TYPE x counter'],
    ['a histogram without suffix', '# TYPE h histogram\nh 1'],
    ['a line without end', `x{a="${'y'.repeat(70_000)}"} 1`],
  ])('%s', (_what, text) => {
    expect(() => readFamilies(text)).toThrow(MetricsTextError);
  });

  test('too many samples', () => {
    expect(() => readFamilies('x 1\n'.repeat(50_001))).toThrow(MetricsTextError);
  });
});

test('families that nobody asked for are skimmed, and their samples not kept', () => {
  const reader = createFamilyReader((name) => name === 'wanted');
  reader.push('# TYPE other histogram\nother_bucket{le="1"} 1\nother_sum 1\n'.repeat(1));
  reader.push('other_count 1\n# TYPE wanted counter\nwanted 1\nwanted_not 2\n');
  expect(reader.end().map(({ name, samples }) => [name, samples.length])).toEqual([['wanted', 1]]);
});

/** Text in which whatever the format escapes or means something by is frequent. */
const troublesome = fc.oneof(
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', 'n', ',', '{', '}', '=', ' ', '#', 'é') }),
  fc.string({ unit: 'binary' }),
);
const word = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('NaN', '+Inf', '-Inf'),
);
const family = fc
  .record({
    name: word,
    type: fc.constantFrom('counter' as const, 'gauge' as const, 'untyped' as const),
    help: troublesome.map((text) => text.replaceAll('\r', '').trim()),
    rows: fc.array(fc.record({ labels: fc.dictionary(word, troublesome), value }), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ name, type, help, rows }): Family => {
    return { name, type, help, samples: rows.map((row) => ({ name, ...row })) };
  });

test('what is written is read again as it was, wherever the text is cut', () => {
  const families = fc.uniqueArray(family, { selector: ({ name }) => name, maxLength: 5 });
  fc.assert(
    fc.property(families, fc.array(fc.nat(), { maxLength: 8 }), (written, places) => {
      const text = writeFamilies(written);
      const cuts = [...new Set([0, ...places.map((place) => place % (text.length + 1))])];
      cuts.sort((one, other) => one - other);
      const reader = createFamilyReader(() => true);
      cuts.forEach((cut, index) => {
        reader.push(text.slice(cut, cuts[index + 1]));
      });
      expect(reader.end()).toEqual(written);
    }),
  );
});

test('a family in two parts is written once, and a contradicting one left out', () => {
  const part = (type: Family['type'], worker: string): Family => {
    return { name: 'x', type, help: 'h', samples: [sample('x', '1', { worker })] };
  };
  const other: Family = { name: 'y', type: 'gauge', help: '', samples: [sample('y', '2')] };
  expect(writeFamilies([part('gauge', 'a'), other, part('gauge', 'b'), part('counter', 'c')])).toBe(
    [
      '# HELP x h',
      '# TYPE x gauge',
      'x{worker="a"} 1',
      'x{worker="b"} 1',
      '# HELP y ',
      '# TYPE y gauge',
      'y 2',
      '',
    ].join('\n'),
  );
});
