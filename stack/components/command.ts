// Runs a program to its end, with a time limit, and gives back what it wrote.
import { execFile } from 'node:child_process';

export interface CommandOptions {
  readonly directory?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly account?: { readonly uid: number; readonly gid: number };
  readonly timeoutMs: number;
  /** Ends the program when it is aborted. */
  readonly signal?: AbortSignal;
  /** Exit codes that are no failure; 0 alone unless given. */
  readonly acceptedCodes?: readonly number[];
}

/** A program that could not be started, failed, or took too long. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly command: string;
  /** The name of the system's error, e.g. `ENOENT` where there is no such program. */
  readonly code: string | undefined;

  constructor(command: string, code: string | undefined, detail: string, options: ErrorOptions) {
    super(`${command}: ${detail}`, options);
    this.command = command;
    this.code = code;
  }
}

const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
const SHOWN_LINES = 3;

/** What a program wrote. */
export interface CommandOutput {
  readonly output: string;
  readonly errors: string;
}

/** Throws `CommandError` with the lines that the program wrote of its failure. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandOutput> {
  return new Promise((resolve, reject) => {
    const settings = {
      ...(options.directory === undefined ? {} : { cwd: options.directory }),
      ...(options.account ?? {}),
      env: options.environment ?? process.env,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      timeout: options.timeoutMs,
      maxBuffer: MAX_OUTPUT_BYTES,
    };
    const child = execFile(command, [...args], settings, (error, stdout, stderr) => {
      const accepted = options.acceptedCodes ?? [0];
      if (error === null || accepted.includes(Number(error.code)))
        resolve({ output: stdout, errors: stderr });
      else reject(commandError(shortened(command, args), error, stdout + stderr, options));
    });
    child.stdin?.end();
  });
}

const SHOWN_WORDS = 4;

function shortened(command: string, args: readonly string[]): string {
  const words = [command, ...args];
  return [...words.slice(0, SHOWN_WORDS), ...(words.length > SHOWN_WORDS ? ['...'] : [])].join(' ');
}

function commandError(
  line: string,
  cause: Error & { code?: unknown; killed?: boolean },
  output: string,
  options: CommandOptions,
): CommandError {
  const code = typeof cause.code === 'string' ? cause.code : undefined;
  const written = tellingLines(output).join(' | ');
  if (cause.killed === true) {
    const limit = `ended after ${options.timeoutMs} ms without an answer`;
    return new CommandError(line, code, limit, { cause });
  }
  return new CommandError(line, code, written === '' ? cause.message : written, { cause });
}

/** As pip, npm, Maven, apt-get and PostgreSQL begin the lines that tell what is wrong. */
const ERROR_LINE = /^(\[?error\b|npm error|E:|\S+: (error|fatal))/i;

/** The first lines that speak of an error, else the last ones of all. */
function tellingLines(output: string): readonly string[] {
  const lines = output.split('\n').map((line) => line.trim());
  const errors = lines.filter((line) => ERROR_LINE.test(line));
  if (errors.length > 0) return errors.slice(0, SHOWN_LINES);
  return lines.filter((line) => line !== '').slice(-SHOWN_LINES);
}
