// Shows the cycles of a running stack, through the product's own commands: fires the first one at
// once, then looks for those that the schedule fires.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Runner } from './bundles.js';
import { runCommand } from './components/command.js';
import { PROJECT_ROOT } from './directories.js';
import { type ProcessPlace, startProcess } from './processes/managed-process.js';

export interface CycleBoardOptions {
  readonly productEnvironment: NodeJS.ProcessEnv;
  readonly place: ProcessPlace;
  readonly runner: Runner;
  readonly signal: AbortSignal;
}

/** Fires every path and prints the scoreboard; answers the exit code of `canary cycle`. */
export async function runOneCycle(options: CycleBoardOptions, json: boolean): Promise<number> {
  return runShown(json ? ['cycle', '--json'] : ['cycle'], options);
}

const LOOK_EVERY_MS = 15_000;

/** Prints the scoreboard of the first cycle, then the status after each further one. */
export async function followCycles(options: CycleBoardOptions): Promise<void> {
  await runOneCycle(options, false);
  let shown = await lastClosedCycle(options);
  while (!options.signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal: options.signal }).catch(() => undefined);
    const last = await lastClosedCycle(options);
    if (last === undefined || last === shown) continue;
    shown = last;
    process.stdout.write('\n');
    await runShown(['status'], options);
  }
}

const STATUS_TIMEOUT_MS = 60_000;

/** The id of the cycle that closed last; undefined while there is none or nobody can tell. */
async function lastClosedCycle(options: CycleBoardOptions): Promise<string | undefined> {
  try {
    const { output } = await runCommand(
      process.execPath,
      options.runner(CANARY, ['status', '--json']),
      {
        directory: PROJECT_ROOT,
        environment: options.productEnvironment,
        timeoutMs: STATUS_TIMEOUT_MS,
        signal: options.signal,
        // Something being red is an answer, too.
        acceptedCodes: [0, 1],
      },
    );
    const status = JSON.parse(output) as { readonly last?: { readonly cycleId?: string } };
    return status.last?.cycleId;
  } catch {
    return undefined;
  }
}

const CANARY = 'src/admin/cli.ts';

/** Before everything that the command talks to. */
const COMMAND_RANK = 3;
const INTERRUPTED = 130;

async function runShown(args: readonly string[], options: CycleBoardOptions): Promise<number> {
  const command = await startProcess(
    {
      name: 'canary-command',
      command: process.execPath,
      args: options.runner(CANARY, args),
      directory: PROJECT_ROOT,
      environment: options.productEnvironment,
      output: 'inherit',
      rank: COMMAND_RANK,
    },
    options.place,
  );
  const { code } = await command.exited;
  return code ?? INTERRUPTED;
}
