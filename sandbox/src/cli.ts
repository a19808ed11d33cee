// The sandbox's command line: `npm run sandbox -- <command>`. Data on standard output, the rest
// on standard error, the exit code by the table in cli/exit-codes.ts.
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CommanderError } from 'commander';
import { CliError, EXIT_CODES } from './cli/exit-codes.js';
import { createCommandContext } from './cli/platform-calls.js';
import { createProgram } from './cli/program.js';
import { loadTopology, TopologyError } from './topology.js';

/** The process around a run, so that a test can be one. */
export interface SandboxCliIo {
  readonly write: (text: string) => void;
  readonly warn: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Where `npm start` keeps the configuration of the platform that it runs. */
const STACK_CONFIG = fileURLToPath(new URL('../../.stack/sandbox.json', import.meta.url));

/** Runs one command line, without the program's name; answers the exit code. */
export async function runSandboxCli(
  argv: readonly string[],
  io: SandboxCliIo = processIo(),
): Promise<number> {
  const context = () => createCommandContext(loadTopology(withStackConfig(io.environment)), io);
  const program = createProgram({ ...io, context });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return EXIT_CODES.ok.code;
  } catch (error) {
    return exitCodeOf(error, io);
  }
}

/** Without SANDBOX_CONFIG, the platform of `npm start`; without that, the reference set-up. */
function withStackConfig(environment: SandboxCliIo['environment']): SandboxCliIo['environment'] {
  if (environment.SANDBOX_CONFIG || !existsSync(STACK_CONFIG)) return environment;
  return { ...environment, SANDBOX_CONFIG: STACK_CONFIG };
}

/** What the user did or met is one line; a mistake of our own is thrown. */
function exitCodeOf(error: unknown, io: SandboxCliIo): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage.code;
  if (error instanceof CliError) {
    io.warn(`${error.message}\n`);
    return EXIT_CODES[error.exit].code;
  }
  if (error instanceof TopologyError) {
    io.warn(`${error.message}\n`);
    return EXIT_CODES.config.code;
  }
  throw error;
}

function processIo(): SandboxCliIo {
  return {
    write: (text) => process.stdout.write(text),
    warn: (text) => process.stderr.write(text),
    environment: process.env,
  };
}

function isMain(): boolean {
  const [, script] = process.argv;
  return script !== undefined && import.meta.url === pathToFileURL(realpathSync(script)).href;
}

if (isMain()) process.exitCode = await runSandboxCli(process.argv.slice(2));
