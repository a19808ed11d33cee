// The product's processes, with a configuration file of their own.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { freePortRow } from './free-ports.js';
import { REFERENCE } from './samples.js';
import { until } from './until.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Nobody listens there. */
const AWAY = 'http://127.0.0.1:9';
/** A worker loads Temporal's libraries, which takes long where several do at once. */
const ENDS_WITHIN_MS = 120_000;

export interface ProductProcess {
  /** What it wrote so far, on both outputs. */
  said(): string;
  signal(signal: NodeJS.Signals): void;
  /** Waits for its end; answers the exit code. */
  ended(): Promise<number | null>;
}

export interface ProductPlace {
  readonly listen: Readonly<Record<'worker' | 'sdkMetrics' | 'exporter', string>>;
  readonly environment: NodeJS.ProcessEnv;
  start(entry: 'src/workers/entry.ts' | 'src/exporters/entry.ts'): ProductProcess;
  /** Ends what still runs and removes the files. */
  close(): void;
}

export interface ProductPlaceOptions {
  readonly stores?: { readonly postgres: string; readonly redis: string };
  /** The content of the file of the agents' tokens. */
  readonly tokens: string;
}

/** A place where the platform, Temporal, and whatever store is not named are away. */
export async function createProductPlace(options: ProductPlaceOptions): Promise<ProductPlace> {
  const directory = mkdtempSync(join(tmpdir(), 'canary-product-'));
  const agentTokensFile = join(directory, 'tokens.json');
  writeFileSync(agentTokensFile, options.tokens);
  const port = await freePortRow(3);
  const listen = {
    worker: `127.0.0.1:${port}`,
    sdkMetrics: `127.0.0.1:${port + 1}`,
    exporter: `127.0.0.1:${port + 2}`,
  };
  const frames = REFERENCE.frames.map((frame) => ({
    id: frame.id,
    teg: AWAY,
    eventStore: AWAY,
    registries: frame.registries.map((one) => ({ ...one, url: AWAY })),
  }));
  const away = { postgres: 'postgres://nobody@127.0.0.1:9/none', redis: 'redis://127.0.0.1:9' };
  const stores = options.stores ?? away;
  const config = { platform: { agentTokensFile, frames }, stores, listen, logLevel: 'debug' };
  const file = join(directory, 'canary.json');
  writeFileSync(file, JSON.stringify(config));
  const environment = {
    PATH: process.env.PATH,
    CANARY_CONFIG: file,
    TEMPORAL_ADDRESS: '127.0.0.1:9',
  };
  const started: ChildProcessWithoutNullStreams[] = [];
  return {
    listen,
    environment,
    start(entry) {
      const child = spawn(process.execPath, inject('entries')[entry], {
        cwd: ROOT,
        env: environment,
      });
      started.push(child);
      return processOf(child);
    },
    close() {
      for (const child of started) child.kill('SIGKILL');
      rmSync(directory, { recursive: true });
    },
  };
}

/** A token for every agent. */
export function tokensOf(token: string): string {
  const agents = REFERENCE.frames.flatMap(({ registries }) =>
    registries.flatMap((registry) => registry.agents),
  );
  return JSON.stringify(Object.fromEntries(agents.map((agent) => [agent, token])));
}

function processOf(child: ChildProcessWithoutNullStreams): ProductProcess {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += String(chunk);
    });
  }
  return {
    said: () => text,
    signal: (signal) => void child.kill(signal),
    ended: () =>
      until(() => {
        if (child.exitCode === null && child.signalCode === null) {
          throw new Error(`it runs still, and said: ${text.slice(-500)}`);
        }
        return child.exitCode;
      }, ENDS_WITHIN_MS),
  };
}
