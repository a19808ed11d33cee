// `--junit FILE`: what a build server reads of a cycle, and what becomes of the file.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.js';
import { CycleFailedError } from '../../src/admin/admin-dependencies.js';
import { xmlDocument } from '../../src/admin/xml.js';
import type { Closing, Result } from '../../src/domain/result.js';
import { scoreboardOf } from '../../src/domain/scoreboard.js';
import { type ReadElement, readXml } from '../support/xml.js';
import { heldWorld, PATH, run, type Setting } from './cli-run.js';
import {
  away,
  createWorld,
  resultOf,
  storeClosed,
  TIMED_OUT,
  type Twist,
  type World,
} from './world.js';

const root = mkdtempSync(join(tmpdir(), 'canary-junit-'));
let directory = root;
beforeEach(() => {
  directory = mkdtempSync(join(root, 'case-'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** Runs a line with a report; answers how it ended and the report, where there is one. */
async function report(line: string, setting: Setting = {}) {
  const file = join(directory, 'canary.xml');
  const ended = await run(`${line} --junit ${file}`, setting);
  const suite = existsSync(file) ? readXml(readFileSync(file, 'utf8')).children[0] : undefined;
  return { ...ended, suite, left: readdirSync(directory) };
}

const caseOf = (suite: ReadElement | undefined, pathId: string) =>
  suite?.children.find(({ attributes }) => attributes.name === pathId);
const countsOf = (suite: ReadElement | undefined) => {
  const { tests, failures, errors, skipped } = suite?.attributes ?? {};
  return [tests, failures, errors, skipped].map(Number);
};

/** A world whose next cycle leaves this one result; what else was fired is lost. */
function worldLeaving(over: Partial<Result>, closing: Partial<Closing> = {}): World {
  const world = createWorld();
  const scoreboard = async (cycleId: string) => {
    await storeClosed(world.results, resultOf(PATH, { cycleId, ...over }), closing);
    return scoreboardOf(cycleId, 30, await world.results.resultsOfCycle(cycleId));
  };
  return { ...world, cycles: { ...world.cycles, scoreboard } };
}

test('a cycle is a suite with a case of every path', async () => {
  const { code, left, suite } = await report('cycle');
  expect([code, left, countsOf(suite)]).toEqual([0, ['canary.xml'], [30, 0, 0, 0]]);
  expect(suite?.attributes).toMatchObject({ time: '1.200', timestamp: '2026-11-23T18:30:00' });
  expect(suite?.attributes.name).toMatch(/^cycle hand-/);
  expect(caseOf(suite, PATH)).toMatchObject({
    attributes: { classname: 'canary.async', time: '0.040' },
    children: [],
  });
});

interface Judged {
  readonly what: string;
  readonly over: Partial<Result>;
  readonly closing?: Partial<Closing>;
  readonly is: string;
  readonly type?: string;
  readonly message: string;
  readonly text?: RegExp;
}

const JUDGED: readonly Judged[] = [
  {
    what: 'a timeout',
    over: TIMED_OUT,
    is: 'failure',
    type: 'timeout',
    message:
      'failed: timeout, phase settlement; ' +
      'no cf_settled_local, cf_settled_remote before the final deadline',
    text: /^test: hand-.+\ntransfer: transfer-1\nphase: settlement\n.+\nmissing .+: cf_settled_local, /s,
  },
  {
    what: 'words of a platform that no XML can hold',
    over: { outcome: 'failed', failureSignal: 'rejected', reason: '<no>\0 "&"' },
    is: 'failure',
    type: 'rejected',
    message: 'failed: rejected; <no>\ufffd "&"',
  },
  {
    what: 'a degraded pass',
    over: {},
    closing: { degraded: true, absent: [{ frame: 'B', stamp: 'fee_collected' }] },
    is: 'failure',
    type: 'unclean',
    message: 'passed, degraded',
    text: /expected and never came: fee_collected at B$/,
  },
  {
    what: 'an outcome that is not held against the path',
    over: { outcome: 'observer', reason: 'seen by no validator' },
    is: 'error',
    type: 'observer',
    message: 'observer; seen by no validator',
  },
  {
    what: 'a failure in a maintenance window',
    over: { ...TIMED_OUT, reason: '', maintenance: true },
    is: 'skipped',
    message: 'failed: timeout, phase settlement, maintenance',
  },
];

test.each(JUDGED)('$what is $is', async ({ over, closing, is, type, message, text }) => {
  const { suite } = await report('cycle', { world: worldLeaving(over, closing) });
  const outcome = caseOf(suite, PATH)?.children ?? [];
  expect(outcome.map(({ name, attributes }) => ({ name, ...attributes }))).toEqual([
    { name: is, message, ...(type === undefined ? {} : { type }) },
  ]);
  expect(outcome[0]?.text ?? '').toMatch(text ?? /^/);
  expect(caseOf(suite, 'A1.1-A1.2-intra')?.children[0]?.attributes).toEqual({
    type: 'undecided',
    message: 'lost: its workflow ended without a result',
  });
  expect(countsOf(suite).reduce((sum, one) => sum + one, -30)).toBe(30);
});

test('a path that is paused is skipped', async () => {
  const world = await heldWorld();
  const cycles = {
    ...world.cycles,
    scoreboard: async (cycleId: string) => scoreboardOf(cycleId, 30, [], 1),
  };
  const { suite } = await report('cycle', { world: { ...world, cycles } });
  expect(countsOf(suite)).toEqual([30, 0, 29, 1]);
  expect(caseOf(suite, PATH)?.children).toMatchObject([
    { name: 'skipped', attributes: { message: expect.stringContaining('paused by a person') } },
  ]);
});

test('a fire has one case, the same when it is repeated under its key', async () => {
  const world = createWorld();
  const line = `fire ${PATH} --idempotency-key once`;
  const first = await report(line, { world });
  const again = await report(line, { world });
  expect([countsOf(first.suite), world.started.length]).toEqual([[1, 0, 0, 0], 1]);
  expect(again.suite).toEqual(first.suite);
});

describe('what is known is written', () => {
  const never = () => new Promise<never>(() => undefined);
  const failing = async (cycleId: string): Promise<never> => {
    throw new CycleFailedError(cycleId, 'terminated');
  };
  test.each<readonly [string, string, number, Twist, RegExp]>([
    [
      'after a wait that timed out',
      '--timeout 40ms',
      124,
      { cycles: { scoreboard: never } },
      /0\.04/,
    ],
    ['of a cycle that failed', '', 1, { cycles: { scoreboard: failing } }, /terminated$/],
  ])('%s', async (_, option, code, twist, message) => {
    const world = { ...createWorld(twist), clock: systemClock };
    const start = async (cycleId: string) => {
      await storeClosed(world.results, resultOf(PATH, { cycleId }));
      return 'started' as const;
    };
    const cycles = { ...world.cycles, start };
    const ended = await report(`cycle ${option}`, { world: { ...world, cycles } });
    expect([ended.code, countsOf(ended.suite)]).toEqual([code, [30, 0, 29, 0]]);
    const other = caseOf(ended.suite, 'A1.1-A1.2-intra')?.children[0]?.attributes;
    expect(other).toMatchObject({ type: 'undecided', message: expect.stringMatching(message) });
  });

  test('though the store went away meanwhile', async () => {
    const world = createWorld();
    let gone = false;
    const scoreboard = async (cycleId: string, signal: AbortSignal) => {
      const board = await world.cycles.scoreboard(cycleId, signal);
      gone = true;
      return board;
    };
    const resultsOfCycle = async (cycleId: string) =>
      gone ? away('postgres')() : world.results.resultsOfCycle(cycleId);
    const results = { ...world.results, resultsOfCycle };
    const cycles = { ...world.cycles, scoreboard };
    const { suite } = await report('cycle', { world: { ...world, cycles, results } });
    expect(countsOf(suite)).toEqual([30, 0, 30, 0]);
    expect(caseOf(suite, PATH)?.children[0]?.attributes.message).toMatch(/^not known: postgres/);
  });
});

describe('nothing is fired, and no file is left', () => {
  test.each<readonly [string, string, RegExp, Twist]>([
    ['into a directory that is not there', 'cycle --junit no/such/x.xml', /ENOENT/, {}],
    ['into a directory', `cycle --junit ${root}`, /"\S+" is a directory/, {}],
    ['without a wait', 'cycle --no-wait --junit x.xml', /needs the wait/, {}],
    ['for a path that is none', 'fire A9', /A9/, {}],
    ['while the store is away', 'cycle', /postgres/, { postgresAway: true }],
  ])('%s', async (_, line, stderr, twist) => {
    const ended = line.includes('--junit')
      ? await run(line, { twist })
      : await report(line, { twist });
    expect(ended.stderr.replace(/\s+/g, ' ')).toMatch(stderr);
    expect([ended.stdout, ended.world.started, readdirSync(directory)]).toEqual(['', [], []]);
    expect(existsSync('x.xml')).toBe(false);
  });
});

test('what stood there stays until the whole report is there', async () => {
  const file = join(directory, 'canary.xml');
  writeFileSync(file, 'before');
  await run(`fire A9 --junit ${file}`);
  expect(readFileSync(file, 'utf8')).toBe('before');
  const start = async () => {
    expect(readFileSync(file, 'utf8')).toBe('before');
    return 'started' as const;
  };
  await report('cycle', { twist: { cycles: { start } } });
  expect(readFileSync(file, 'utf8')).toMatch(/^<\?xml/);
});

property.prop([fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' })])(
  'XML holds every text, but for what it cannot',
  (one, other) => {
    const readable = (text: string) =>
      [...text]
        .map((sign) =>
          /[\t\n\r]|[^\p{Cc}\p{Cs}\ufffe\uffff]|[\x7f-\x9f]/u.test(sign) ? sign : '\ufffd',
        )
        .join('');
    const document = xmlDocument({ name: 'a', attributes: { one }, text: other });
    expect(readXml(document)).toMatchObject({
      attributes: { one: readable(one) },
      text: readable(other),
    });
  },
);
