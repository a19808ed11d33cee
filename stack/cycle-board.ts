// Shows the cycles of a running stack: fires the first one at once, through the product's own
// command, then follows whatever cycle runs and closes.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminDependencies } from '../src/admin/admin-dependencies.js';
import { openDependencies } from '../src/admin/compose.js';
import { paintFor } from '../src/admin/paint.js';
import { renderScoreboard } from '../src/admin/render-scoreboard.js';
import { loadConfig } from '../src/config.js';
import type { StoredCycle } from '../src/ports.js';
import { nodeArguments } from './applications.js';
import { PROJECT_ROOT } from './directories.js';
import type { ProcessPlace } from './processes/managed-process.js';
import { startProcess } from './processes/managed-process.js';

export interface CycleBoardOptions {
  readonly productEnvironment: NodeJS.ProcessEnv;
  readonly place: ProcessPlace;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** Fires every path and prints the scoreboard; answers the exit code of `canary cycle`. */
export async function runOneCycle(
  options: CycleBoardOptions & { readonly json: boolean },
): Promise<number> {
  return runCommand(options.json ? ['cycle', '--json'] : ['cycle'], options);
}

const LOOK_EVERY_MS = 1_000;
const CYCLES_LOOKED_AT = 20;

/** Fires the first cycle and prints the scoreboard of each that closes, until the signal. */
export async function followCycles(options: CycleBoardOptions): Promise<void> {
  const dependencies = openDependencies(loadConfig(options.productEnvironment));
  const startedAtMs = dependencies.clock.nowMs();
  const shown = new Set<string>();
  try {
    await runCommand(['cycle', '--no-wait'], options);
    while (!options.signal.aborted) {
      const cycles = await closedSince(dependencies, startedAtMs);
      for (const cycle of cycles.filter(({ cycleId }) => !shown.has(cycleId))) {
        shown.add(cycle.cycleId);
        print(cycle);
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: options.signal }).catch(() => undefined);
    }
  } finally {
    await dependencies.close();
  }
}

/** Oldest first; none while PostgreSQL is away. */
async function closedSince(
  { results }: AdminDependencies,
  sinceMs: number,
): Promise<readonly StoredCycle[]> {
  const cycles = await results.cycles(CYCLES_LOOKED_AT).catch(() => []);
  return cycles.filter(({ closedAtMs = 0 }) => closedAtMs >= sinceMs).reverse();
}

function print({ scoreboard }: StoredCycle): void {
  if (scoreboard === undefined) return;
  const paint = paintFor(process.stdout.isTTY, process.env);
  process.stdout.write(`\n${renderScoreboard(scoreboard, paint)}\n`);
}

async function runCommand(args: readonly string[], options: CycleBoardOptions): Promise<number> {
  const command = await startProcess(
    {
      name: 'canary-command',
      command: process.execPath,
      args: nodeArguments('src/admin/cli.ts', args),
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

/** Before everything that the command talks to. */
const COMMAND_RANK = 3;
const INTERRUPTED = 130;
