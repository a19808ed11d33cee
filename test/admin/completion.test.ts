// Completion as the shells do it, where they are; a shell that is not there cannot be asked.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/admin/cli-commands.js';
import type { Shell } from '../../src/admin/completion-scripts.js';
import { OUTCOMES } from '../../src/domain/verdict.js';
import { run } from './cli-run.js';
import { exampleConfig } from './world.js';

const directory = mkdtempSync(join(tmpdir(), 'canary-completion-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function scriptOf(shell: Shell, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, stdout } = await run(`completion ${shell}`, { env });
  expect(code).toBe(0);
  const file = join(directory, `${shell}-${Object.keys(env).length}`);
  writeFileSync(file, stdout);
  return file;
}

/** What a shell offers for the last word of a line. */
type Ask = (file: string, line: string) => readonly string[];

const inBash: Ask = (file, line) => {
  const words = line.split(' ');
  const program = `source ${file}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
    _canary; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return linesOf(execFileSync('bash', ['--norc', '-c', program], { encoding: 'utf8' }));
};

const inFish: Ask = (file, line) => {
  const program = `source ${file}; complete -C '${line}'`;
  const said = execFileSync('fish', ['--no-config', '-c', program], { encoding: 'utf8' });
  return linesOf(said).map((one) => one.split('\t')[0] ?? '');
};

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

const PATHS = exampleConfig().paths.map(({ id }) => id);

interface Case {
  readonly line: string;
  readonly offers: readonly string[];
  /** Whether nothing else is offered. */
  readonly only?: boolean;
}

const CASES: readonly Case[] = [
  { line: 'canary aud', offers: ['audit'], only: true },
  { line: 'canary audit ', offers: ['verify', 'history', 'show', 'status', 'acknowledge'] },
  { line: 'canary results --out', offers: ['--outcome'], only: true },
  { line: 'canary results --outcome ', offers: OUTCOMES, only: true },
  { line: 'canary results --backend a', offers: ['async'], only: true },
  { line: 'canary audit history --outcome ', offers: ['ok', 'violated', 'unknown'], only: true },
  { line: 'canary fire A1.1-B1.1-', offers: ['A1.1-B1.1-2pc', 'A1.1-B1.1-async'], only: true },
  { line: 'canary pause ', offers: PATHS },
  { line: 'canary acknowledge --path ', offers: PATHS, only: true },
  { line: 'canary maintenance add ', offers: PATHS },
  { line: 'canary token create x --role ', offers: ['read', 'operate', 'admin'], only: true },
  { line: 'canary request ', offers: ['A1', 'A2', 'B1'] },
  { line: 'canary results export --format ', offers: ['ndjson', 'csv'], only: true },
  { line: 'canary completion ', offers: ['bash', 'zsh', 'fish'] },
];

const SHELLS = [
  ['bash', inBash],
  ['fish', inFish],
] as const;

describe.each(SHELLS)('%s', (shell, ask) => {
  test.skipIf(isAway(shell)).each(CASES)('completes “$line”', async ({ line, offers, only }) => {
    const offered = ask(await scriptOf(shell), line);
    expect(offered).toEqual(expect.arrayContaining([...offers]));
    if (only) expect(offered).toHaveLength(offers.length);
  });

  test.skipIf(isAway(shell))(
    'offers every command and no path without a configuration',
    async () => {
      const file = await scriptOf(shell, { CANARY_CONFIG: 'no-such.yaml' });
      const first = COMMANDS.map(({ usage }) => usage.split(' ')[0] ?? '');
      expect(ask(file, 'canary ')).toEqual(expect.arrayContaining(first));
      expect(ask(file, 'canary fire ').filter((word) => PATHS.includes(word))).toEqual([]);
    },
  );
});

describe('zsh', () => {
  test.skipIf(isAway('zsh'))('reads the script, which registers the command', async () => {
    const program = `autoload -U compinit && compinit -D; source ${await scriptOf('zsh')}
      print -r -- "$_comps[canary]"`;
    const said = execFileSync('zsh', ['-f', '-c', program], { encoding: 'utf8' });
    expect(said).toMatch(/_bash_complete.*-F _canary/);
  });

  test('is bash’s script behind its own first line', async () => {
    const { stdout: bash } = await run('completion bash');
    const { stdout: zsh } = await run('completion zsh');
    expect(zsh).toBe(`autoload -U +X bashcompinit && bashcompinit\n${bash}`);
  });
});

/** A shell may be missing on a developer's machine; in CI it must be there. */
function isAway(shell: string): boolean {
  const { error } = spawnSync(shell, ['-c', 'true']);
  if (error !== undefined && (process.env.CI ?? '') !== '') throw error;
  return error !== undefined;
}
