// The command line of `npm start`.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_STACK_DIRECTORY } from './directories.js';
import { DEFAULT_PORT_BASE, portTable } from './ports.js';
import { framesOf, REFERENCE_REGISTRIES } from './sandbox-config.js';

export interface StartOptions {
  /** One full cycle, then the end. */
  readonly once: boolean;
  readonly json: boolean;
  readonly portBase: number;
  readonly data: string;
  readonly registries: readonly string[];
  readonly kafka: boolean;
  /** What runs beside the product and its platform. */
  readonly with: readonly StackExtra[];
}

export const STACK_EXTRAS = ['monitoring'] as const;
export type StackExtra = (typeof STACK_EXTRAS)[number];

/** What the command line was answered instead of a start: its help, or what is wrong with it. */
export interface Refusal {
  readonly exitCode: number;
}

const USAGE_EXIT_CODE = 2;

/** Reads the arguments after the verb; help and complaints have been written when it refuses. */
export function readStartOptions(args: readonly string[]): StartOptions | Refusal {
  const command = new Command('npm start --')
    .description('runs the canary reactor with all that it needs, and shows each cycle')
    .option('--once', 'run one full cycle, print its scoreboard, end everything', false)
    .option('--json', 'with --once: the scoreboard as one JSON document', false)
    .addOption(
      new Option('--port-base <port>', 'first port of all')
        .env('CANARY_PORT_BASE')
        .argParser(readPortBase)
        .default(DEFAULT_PORT_BASE),
    )
    .option(
      '--data <directory>',
      'where data, logs and addresses are kept',
      DEFAULT_STACK_DIRECTORY,
    )
    .option(
      '--registries <ids>',
      'the registries, comma separated; their letters name the frames',
      readRegistries,
      [...REFERENCE_REGISTRIES],
    )
    .option('--frames <count>', 'only the first frames of these registries', readCount)
    .option(
      '--with <parts>',
      `what else runs, comma separated or repeated: ${STACK_EXTRAS.join(', ')}`,
      readExtras,
      [],
    )
    .option('--no-kafka', 'let events travel straight from the outbox')
    .configureOutput({ writeOut: (text) => void process.stderr.write(text) })
    .exitOverride();
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode === 0 ? 0 : USAGE_EXIT_CODE };
  }
  const { frames, ...options } = command.opts<StartOptions & { readonly frames?: number }>();
  return { ...options, registries: firstFrames(options.registries, frames) };
}

function firstFrames(registries: readonly string[], count: number | undefined): readonly string[] {
  const frames = framesOf(registries);
  return frames.slice(0, count ?? frames.length).flatMap((frame) => frame.registries);
}

function readPortBase(text: string): number {
  const base = Number(text);
  return refuseRangeErrors(() => {
    portTable(base);
    return base;
  });
}

function readRegistries(text: string): readonly string[] {
  const registries = text.split(',').map((id) => id.trim());
  return refuseRangeErrors(() => {
    framesOf(registries);
    return registries;
  });
}

function readExtras(text: string, former: readonly StackExtra[]): readonly StackExtra[] {
  const named = text.split(',').map((name) => {
    const extra = STACK_EXTRAS.find((known) => known === name.trim());
    if (extra !== undefined) return extra;
    throw new InvalidArgumentError(`there is ${STACK_EXTRAS.join(', ')}, and no ${name.trim()}`);
  });
  return [...new Set([...former, ...named])];
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('must be a whole number above zero');
}

function refuseRangeErrors<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
