// The style that no compiler checks: line, file and function length, banned words, files that
// nobody
// imports, tests that hide. Runs over every tracked source file.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const LINE_COLUMNS_MAX = 100;
const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;

interface BannedWord {
  readonly word: RegExp;
  readonly instead: string;
  readonly allowedIn?: RegExp;
}

const BANNED: readonly BannedWord[] = [
  {
    word: /\bDate\.now\(/,
    instead: 'the Clock port',
    allowedIn: /(system-clock\.ts|service\/clock\.ts)$|^(stack|bench|test|sandbox\/(test|bench))\//,
  },
  { word: /\bconsole\./, instead: 'the logger, or process.stdout.write in a command' },
  { word: /^\s*(export )?(const )?enum /m, instead: 'a union of string literals' },
  { word: /\b(TODO|FIXME|XXX)\b/, instead: 'doing it, or saying it in the closing note' },
  { word: /\b(it|test|describe)\.(only|skip)\b/, instead: 'a test that runs' },
  { word: /\bas any\b|: any\b/, instead: 'a type' },
  { word: /@ts-ignore|@ts-expect-error|biome-ignore|eslint-disable/, instead: 'mending it' },
];

const files = execFileSync('git', [
  'ls-files',
  '-co',
  '--exclude-standard',
  '*.ts',
  '*.tsx',
  '*.mjs',
])
  .toString()
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('ui/dist/'));

const sources = files.flatMap((file) => {
  try {
    return [{ file, text: readFileSync(file, 'utf8') }];
  } catch {
    // Deleted in the work tree and not yet in the index.
    return [];
  }
});

describe('every source file', () => {
  test('keeps its lines within 100 columns', () => {
    expect(offences(({ file, text }) => longLines(file, text))).toEqual([]);
  });
  test('fits in 300 lines', () => {
    expect(offences(({ file, text }) => tooLong(file, text))).toEqual([]);
  });
  test('opens with a line on its role', () => {
    expect(
      offences(({ file, text }) => (/^(#!.*\n)?(\/\/|\/\*)/.test(text) ? [] : [file])),
    ).toEqual([]);
  });
  test('uses no banned word', () => {
    expect(offences(({ file, text }) => bannedWords(file, text))).toEqual([]);
  });
  test('has no function over 70 lines', () => {
    expect(offences(({ file, text }) => longFunctions(file, text))).toEqual([]);
  });
});

function offences(find: (source: { file: string; text: string }) => readonly string[]) {
  return sources.flatMap(find);
}

function longLines(file: string, text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line].length > LINE_COLUMNS_MAX ? [`${file}:${index + 1}`] : [],
    );
}

function tooLong(file: string, text: string): readonly string[] {
  const lines = text.split('\n').length - 1;
  const max = /\.test\.ts$/.test(file) ? 2 * FILE_LINES_MAX : FILE_LINES_MAX;
  return lines > max ? [`${file}: ${lines} lines`] : [];
}

function bannedWords(file: string, text: string): readonly string[] {
  if (file === 'test/tidy.test.ts') return [];
  return BANNED.filter(
    ({ word, allowedIn }) => word.test(text) && allowedIn?.test(file) !== true,
  ).map(({ word, instead }) => `${file}: ${word.source}: use ${instead}`);
}

function longFunctions(file: string, text: string): readonly string[] {
  if (/\.test\.ts$/.test(file)) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) {
      const lines = lineOf(node.end) - lineOf(node.getStart(source)) + 1;
      if (lines > FUNCTION_LINES_MAX) {
        found.push(`${file}:${lineOf(node.getStart(source)) + 1}: ${lines} lines`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
