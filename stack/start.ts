// `npm start`: brings up everything, shows the cycles, and ends all of it on Ctrl-C.
import { SEARCH_ATTRIBUTES } from '../src/names.js';
import { followCycles, runOneCycle } from './cycle-board.js';
import { stackDirectory } from './directories.js';
import { listenForInterruption } from './interruption.js';
import { createProgress, type Progress } from './progress.js';
import { type Stack, startStack } from './stack.js';
import { readStartOptions, type StartOptions } from './start-options.js';

const FAILED = 1;
const FORCED = 137;
const INTERRUPTED = 130;

/** Answers the exit code when everything has ended. */
async function run(options: StartOptions): Promise<number> {
  const progress = createProgress(process.stderr);
  const start = startStack({
    directory: stackDirectory(options.data),
    portBase: options.portBase,
    environment: process.env,
    registries: options.registries,
    withKafka: options.kafka,
    withMonitoring: options.with.includes('monitoring'),
    searchAttributes: searchAttributeTypes(),
    progress,
  });
  const { signal } = listenForInterruption(() => {
    start.kill();
    process.exit(FORCED);
  });
  signal.addEventListener('abort', () => {
    progress.say('ending everything; a second Ctrl-C forces it');
    void start.stop();
  });
  try {
    return await showCycles(await start.ready, options, { progress, signal });
  } catch (error) {
    if (signal.aborted) return options.once ? INTERRUPTED : 0;
    progress.say(describe(error));
    return FAILED;
  } finally {
    await start.stop();
  }
}

async function showCycles(
  stack: Stack,
  options: StartOptions,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<number> {
  const { productEnvironment, place, runner } = stack;
  const board = { productEnvironment, place, runner, signal };
  progress.say(addressLines(stack));
  if (options.once) return runOneCycle(board, options.json);
  await followCycles(board);
  return 0;
}

/** The addresses that people look for first; all of them stand in the file. */
const SHOWN = [
  ...['page', 'metrics', 'temporal-ui', 'worker', 'exporter', 'temporal', 'postgres'],
  ...['prometheus', 'alertmanager', 'mails'],
];

function addressLines(stack: Stack): string {
  const lines = SHOWN.flatMap((name) => {
    const url = stack.addresses[name];
    return url === undefined ? [] : [`  ${name.padEnd(12)} ${url}`];
  });
  return ['everything is up:', ...lines, `  ${'all'.padEnd(12)} ${stack.addressFile}`].join('\n');
}

function searchAttributeTypes(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map((name) => [name, 'Keyword']));
}

/** Failures with a name of their own explain themselves; others need their stack. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' || error.name === 'TypeError'
    ? (error.stack ?? error.message)
    : error.message;
}

const read = readStartOptions(process.argv.slice(2));
process.exitCode = 'exitCode' in read ? read.exitCode : await run(read);
