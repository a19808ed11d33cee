// What the papers show can be done: every command line is one that the programs take, every link
// and every file that is named is there.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { CliError } from '../sandbox/src/cli/exit-codes.js';
import type { CommandContext } from '../sandbox/src/cli/platform-calls.js';
import { createProgram } from '../sandbox/src/cli/program.js';
import { parseTopology } from '../sandbox/src/topology.js';
import { readCommandLine } from '../src/admin/cli-program.js';
import { derivePaths } from '../src/domain/path.js';
import { readStartOptions } from '../stack/start-options.js';
import { readPaper, type Shown, wordsOf } from './support/paper.js';
import { REFERENCE } from './support/samples.js';

const ROOT = new URL('..', import.meta.url).pathname;
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT })
  .toString()
  .split('\n');
const papers = tracked.filter((file) => file.endsWith('.md') && existsSync(join(ROOT, file)));
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const pathIds = derivePaths(REFERENCE).map(({ id }) => id);

/** Made by running the stack, or by whoever configures it, and therefore not in the tree. */
const MADE = /^(\.stack\/|canary\.yaml$)/;

describe.each(papers)('%s', (file) => {
  test('shows only what is there', async () => {
    expect(await problemsOf(file, readFileSync(join(ROOT, file), 'utf8'))).toEqual([]);
  });
});

test.each(['README.md', 'CONTRIBUTING.md', 'docs/operating.md', 'sandbox/README.md'])(
  '%s shows commands at all',
  (file) => {
    const { commands } = readPaper(readFileSync(join(ROOT, file), 'utf8'));
    expect(commands.length).toBeGreaterThan(2);
  },
);

describe('a paper is told what it has wrong', () => {
  test.each([
    ['`npm run strat`', 'no script strat'],
    ['```\nnpm start -- --onec\n```', 'npm start takes no --onec'],
    ['`npm run canary -- fires`', 'unknown command'],
    ['`npm run canary -- cycle --wait-long`', 'unknown option'],
    ['`npm run canary -- fire A1.1-B9.1-async`', 'no path A1.1-B9.1-async'],
    ['`npm run sandbox -- fault ad x`', 'unknown command'],
    ['`npm run sandbox -- fault add never_credits`', 'never_credits'],
    ['`npm run sandbox -- fault add never_credit --frame Z`', 'Z'],
    ['`npm run lint && npm run typos`', 'no script typos'],
    ['`node --import tsx src/workers/entri.ts`', 'no file src/workers/entri.ts'],
    ['`npx vitest run test/domian`', 'no file test/domian'],
    ['`npx vitesst run`', 'no program vitesst'],
    ['`docker compose -f compose.yml up`', 'no file compose.yml'],
    ['see `src/domain/contracts.ts`', 'no file src/domain/contracts.ts'],
    ['[the map](ARCHITEKTUR.md)', 'no file ARCHITEKTUR.md'],
    ['[words](ARCHITECTURE.md#no-such-heading)', 'no heading no-such-heading'],
  ])('%s', async (markdown, problem) => {
    const problems = await problemsOf('README.md', markdown);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

async function problemsOf(file: string, markdown: string): Promise<readonly string[]> {
  const { commands, links, files } = readPaper(markdown);
  const at = ({ line }: Shown, problem: string | undefined) =>
    problem === undefined ? [] : [`${file}:${line}: ${problem}`];
  const ofCommands = commands.map(async (one) =>
    at(one, await problemOfCommand(wordsOf(one.text))),
  );
  return [
    ...(await Promise.all(ofCommands)).flat(),
    ...links.flatMap((one) => at(one, problemOfLink(file, one.text))),
    ...files.flatMap((one) => at(one, problemOfFile(file, one.text))),
  ];
}

type Problem = string | undefined;

async function problemOfCommand(words: readonly string[]): Promise<Problem> {
  const [program = '', verb = '', ...rest] = words;
  if (program === 'npm') return problemOfNpm(verb, rest);
  if (program === 'npx') return problemOfProgram(verb) ?? problemOfArguments(rest);
  return problemOfArguments([verb, ...rest]);
}

async function problemOfNpm(verb: string, rest: readonly string[]): Promise<Problem> {
  const [script = '', ...behind] = verb === 'run' ? rest : [verb, ...rest];
  if (scripts[script] === undefined) return `no script ${script}`;
  const dashes = behind.indexOf('--');
  const args = dashes < 0 ? [] : behind.slice(dashes + 1);
  // `-- <command>` stands for any of them.
  if (args.some((word) => word === '<command>')) return undefined;
  return args.length === 0 ? undefined : PROGRAMS[script]?.(args);
}

/** The program behind a script -> what is wrong with these arguments; nothing is run. */
const PROGRAMS: Readonly<Record<string, (args: readonly string[]) => Problem | Promise<Problem>>> =
  {
    start: (args) =>
      'exitCode' in readStartOptions(args) ? `npm start takes no ${args.join(' ')}` : undefined,
    canary(args) {
      const silent = { out: () => undefined, err: () => undefined };
      const request = readCommandLine(args, silent);
      if (request.kind === 'refused') return request.message;
      const { path } = (request.kind === 'command' ? request.input : {}) as { path?: string };
      const isKnown = path === undefined || path.startsWith('<') || pathIds.includes(path);
      return isKnown ? undefined : `no path ${path} in the reference set-up`;
    },
    sandbox: problemOfSandbox,
  };

/** Everything up to the first call is done: only who calls needs a token. */
async function problemOfSandbox(args: readonly string[]): Promise<Problem> {
  const silent = { write: () => undefined, warn: () => undefined };
  const context: CommandContext = {
    topology: parseTopology({}),
    get tokens(): never {
      throw new Error('the arguments are good');
    },
    ...silent,
  };
  try {
    await createProgram({ ...silent, context: () => context }).parseAsync(args, { from: 'user' });
  } catch (error) {
    const isHelp = error instanceof CommanderError && error.exitCode === 0;
    const isWrong = error instanceof CommanderError || error instanceof CliError;
    return isWrong && !isHelp ? error.message : undefined;
  }
  return undefined;
}

function problemOfProgram(name: string): string | undefined {
  return existsSync(join(ROOT, 'node_modules/.bin', name)) ? undefined : `no program ${name}`;
}

/** Whatever has a folder or an ending of ours must be there. */
function problemOfArguments(words: readonly string[]): string | undefined {
  const missing = words.find(
    (word) => /^[\w.-]+(\/[\w.-]+)*$/.test(word) && isPlace(word) && !isThere(word),
  );
  return missing === undefined ? undefined : `no file ${missing}`;
}

function isPlace(word: string): boolean {
  return word.includes('/') || /\.(ts|mjs|ya?ml|json)$/.test(word);
}

function isThere(place: string): boolean {
  return MADE.test(place) || existsSync(join(ROOT, place));
}

function problemOfLink(file: string, target: string): string | undefined {
  if (/^https?:/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const place = path === '' ? file : normalize(join(dirname(file), path));
  if (!existsSync(join(ROOT, place))) return `no file ${place}`;
  if (anchor === undefined) return undefined;
  const { anchors } = readPaper(readFileSync(join(ROOT, place), 'utf8'));
  return anchors.includes(anchor) ? undefined : `no heading ${anchor} in ${place}`;
}

/** From the root, from the paper, or the end of a path that the text has begun before. */
function problemOfFile(file: string, name: string): string | undefined {
  if (isThere(name) || isThere(normalize(join(dirname(file), name)))) return undefined;
  return tracked.some((one) => one.endsWith(`/${name}`)) ? undefined : `no file ${name}`;
}
