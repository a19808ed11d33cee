#!/usr/bin/env node
// The command line: `npm run canary -- <command>`. Data on standard output, everything else on
// standard error, the exit code by the table in exit-codes.ts.
import { createWriteStream, realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { type Config, ConfigError, configJsonSchema, loadConfig } from '../config.js';
import type { Actor } from './actor.js';
import { type Answer, describeRefusal } from './answer.js';
import type { Shown, Streamed } from './cli-command.js';
import { commandTree, type Request, readCommandLine } from './cli-program.js';
import { knownWords } from './completion.js';
import { completionScript } from './completion-scripts.js';
import type { OpenedDependencies } from './compose.js';
import { EXIT_CODES, type ExitName } from './exit-codes.js';
import { messageOf } from './operation.js';
import { paintFor } from './paint.js';
import { createProgressLine } from './progress-line.js';
import { prose } from './wrap.js';

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The process around a run, so that a test can be one. */
export interface CliIo {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly open: (config: Config) => Promise<OpenedDependencies>;
}

/** How a run ended that has no value to show. */
interface Failure {
  readonly exit: ExitName;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Runs one command line, without the program's name; answers the exit code. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const json = argv.includes('--json');
  const request = readCommandLine(argv, {
    out: (text) => io.stdout.write(text),
    err: (text) => io.stderr.write(text),
  });
  const ended = await answerRequest(request, io);
  if (ended === undefined) return EXIT_CODES.ok.code;
  if ('message' in ended) tellFailure(ended, json, request.kind === 'refused', io);
  else io.stdout.write(`${json ? toJson(ended.value) : ended.text(paintOf(io))}\n`);
  return EXIT_CODES[ended.exit].code;
}

/** The value to show, how it failed, or `undefined` where all is shown already. */
async function answerRequest(request: Request, io: CliIo): Promise<Shown | Failure | undefined> {
  if (request.kind === 'shown') return undefined;
  if (request.kind === 'refused') return { exit: 'usage', message: request.message };
  if (request.kind === 'schema') {
    const value = configJsonSchema();
    return { value, text: () => toJson(value), exit: 'ok' };
  }
  if (request.kind === 'completion') {
    const value = completionScript(request.shell, commandTree(), knownWords(io.env));
    return { value: { script: value }, text: () => value, exit: 'ok' };
  }
  try {
    return await withDependencies(request, io);
  } catch (error) {
    if (error instanceof ConfigError) {
      const { file, message, problems } = error;
      return { exit: 'config', message, details: { file, problems } };
    }
    return { exit: 'defect', message: error instanceof Error ? `${error.stack}` : String(error) };
  }
}

async function withDependencies(
  { command, idempotencyKey, input }: Extract<Request, { kind: 'command' }>,
  io: CliIo,
): Promise<Shown | Failure | undefined> {
  const deps = await io.open(loadConfig(io.env));
  const progress = createProgressLine(io.stderr);
  try {
    const answer = await command.answer(deps, input, {
      actor: userOfSystem(),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      signal: io.signal,
      onProgress: progress.tell,
    });
    if (answer.kind !== 'done') return failureOf(answer);
    if (!('file' in answer.value)) return answer.value;
    await write(answer.value, io);
    return undefined;
  } finally {
    progress.end();
    await deps.close();
  }
}

/** As fast as it is read, so that no more of it is held than a page. */
async function write({ file, text }: Streamed, { stdout }: CliIo): Promise<void> {
  if (file !== undefined) {
    await pipeline(text, createWriteStream(file));
    return;
  }
  for await (const part of text) await stdout.write(part);
}

/** Who reaches the stores from here could change them by hand, so that nothing is withheld. */
function userOfSystem(): Actor {
  return { name: userInfo().username, face: 'cli', role: 'admin' };
}

function failureOf(answer: Exclude<Answer<unknown>, { kind: 'done' }>): Failure {
  if (answer.kind === 'refused') {
    const { refusal } = answer;
    return { exit: 'usage', message: describeRefusal(refusal), details: { ...refusal } };
  }
  if (answer.kind === 'unreachable') {
    const { dependency, message } = answer;
    return {
      exit: 'unreachable',
      message: `${message}\nnpm run canary -- doctor names everything that is away`,
      details: { dependency },
    };
  }
  if (answer.kind === 'forbidden') {
    const { actor, needed } = answer;
    return { exit: 'forbidden', message: `${actor} may not: this needs the right to ${needed}` };
  }
  return { exit: answer.kind, message: answer.message };
}

/** With `--json` a failure is one document as well; for people it stands on standard error. */
function tellFailure(failure: Failure, json: boolean, told: boolean, io: CliIo): void {
  const { details, exit, message } = failure;
  if (json) io.stdout.write(`${toJson({ error: { code: exit, message, ...details } })}\n`);
  if (!told) io.stderr.write(`${fitted(message, io)}\n`);
}

/** A long list of what is allowed is prose; a defect's stack is not. */
function fitted(message: string, { stderr, env }: CliIo): string {
  const paint = paintFor(stderr, env);
  const lines = message.split('\n');
  return lines.flatMap((line) => (line.startsWith(' ') ? line : prose(line, paint))).join('\n');
}

function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function paintOf({ stdout, env }: CliIo) {
  return paintFor(stdout, env);
}

/** The terminal and npm both hand one Ctrl-C on; later ones than this are meant. */
const ONE_INTERRUPT_MS = 1_000;

/** The real process: the first Ctrl-C ends the wait, another one the process. */
function processIo(): CliIo {
  const stop = new AbortController();
  let interruptedAtMs: number | undefined;
  process.on('SIGINT', () => {
    const nowMs = performance.now();
    if (nowMs - (interruptedAtMs ?? nowMs) > ONE_INTERRUPT_MS) {
      process.exit(EXIT_CODES.interrupted.code);
    }
    interruptedAtMs ??= nowMs;
    stop.abort();
  });
  // A reader such as `head` may go away while we write; that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: stop.signal,
    open: async (config) => (await import('./compose.js')).openDependencies(config),
  };
}

function isMain(): boolean {
  const [, script] = process.argv;
  return script !== undefined && import.meta.url === pathToFileURL(realpathSync(script)).href;
}

if (isMain()) {
  try {
    process.exitCode = await runCli(process.argv.slice(2), processIo());
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = EXIT_CODES.defect.code;
  }
}
