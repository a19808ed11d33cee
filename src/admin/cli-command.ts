// A command of the command line: it shows one operation, says how, and what its exit code is.
import type { z } from 'zod';
import type { AdminDependencies } from './admin-dependencies.js';
import type { Answer } from './answer.js';
import type { ExitName } from './exit-codes.js';
import { type Context, invoke, mayAct, type Operation } from './operation.js';
import { PAGE_MAX } from './operations/cursor.js';
import type { Paint } from './paint.js';

/** An answered value and how to show it. */
export interface Shown {
  readonly value: unknown;
  readonly text: (paint: Paint) => string;
  readonly exit: ExitName;
}

/** Text that is written as it comes, whatever its length. */
export interface Streamed {
  readonly text: AsyncIterable<string>;
  /** Where to; standard output, unless said. */
  readonly file: string | undefined;
}

export interface Command {
  /** What it shows; `undefined` for a stream. */
  readonly operation: Operation | undefined;
  readonly input: z.ZodType;
  /** Words, then the positional arguments: `config check`, `fire [path]`. */
  readonly usage: string;
  readonly summary: string;
  /** The input fields that the positional arguments fill, in their order. */
  readonly positionals: readonly string[];
  readonly options: readonly Option[];
  /** Whether it does more than read, so that a request may be named by an idempotency key. */
  readonly acts: boolean;
  readonly answer: (
    deps: AdminDependencies,
    input: unknown,
    context: Context,
  ) => Promise<Answer<Shown | Streamed>>;
}

/** Its long name is the input field that it fills. */
export interface Option {
  readonly flags: string;
  readonly meaning: string;
}

/** Of every list. */
export const PAGE: readonly Option[] = [
  { flags: '--limit <n>', meaning: `how many, 1 to ${PAGE_MAX} (default 20)` },
  { flags: '--cursor <cursor>', meaning: 'the page after this one' },
];

/** The command that shows an operation; `ok`, unless the row says otherwise. */
export function command<I extends z.ZodType, O extends z.ZodType>(
  operation: Operation<I, O>,
  row: {
    readonly usage: string;
    readonly positionals?: readonly string[];
    readonly options?: readonly Option[];
    readonly text: (value: z.output<O>, paint: Paint) => string;
    readonly exit?: (value: z.output<O>) => ExitName;
  },
): Command {
  return {
    operation,
    input: operation.input,
    usage: row.usage,
    summary: operation.summary,
    positionals: row.positionals ?? [],
    options: row.options ?? [],
    acts: mayAct(operation),
    async answer(deps, input, context) {
      const answer = await invoke(operation, deps, input, context);
      if (answer.kind !== 'done') return answer;
      const { value } = answer;
      const exit = row.exit?.(value) ?? 'ok';
      return { kind: 'done', value: { value, text: (paint) => row.text(value, paint), exit } };
    },
  };
}

/** A command whose answer is a stream, which `--json` does not change. */
export function streamCommand(row: {
  readonly usage: string;
  readonly summary: string;
  readonly input: z.ZodType;
  readonly options: readonly Option[];
  readonly open: (
    deps: AdminDependencies,
    input: unknown,
    context: Context,
  ) => Promise<Answer<Streamed>>;
}): Command {
  const { open, ...rest } = row;
  return { ...rest, operation: undefined, positionals: [], acts: false, answer: open };
}
