// Calls of the command line to the platform's services, with failures as exit codes.
import { callJson, errorTextOf, type JsonAnswer, type JsonCall } from '../registry/json-call.js';
import { deriveTokens, type Tokens } from '../service/tokens.js';
import type { Topology } from '../topology.js';
import { CliError } from './exit-codes.js';
import type { ListedService } from './service-list.js';

export interface CommandContext {
  readonly topology: Topology;
  readonly tokens: Tokens;
  /** Data, to standard output. */
  write(text: string): void;
  /** Everything else, to standard error. */
  warn(text: string): void;
}

export type PlatformCall = Pick<JsonCall, 'method' | 'body'> & {
  readonly path: string;
  readonly token: string;
};

const TIMEOUT_MS = 5_000;

export function createCommandContext(
  topology: Topology,
  out: Pick<CommandContext, 'write' | 'warn'>,
): CommandContext {
  return { topology, tokens: deriveTokens(topology.secretSeed), ...out };
}

/** One call, whatever its answer. Throws `unreachable` when there is none. */
export async function ask(
  service: Pick<ListedService, 'name' | 'url'>,
  { path, ...call }: PlatformCall,
): Promise<Extract<JsonAnswer, { kind: 'answer' }>> {
  const answer = await callJson({ ...call, url: service.url + path, timeoutMs: TIMEOUT_MS });
  if (answer.kind === 'answer') return answer;
  throw new CliError('unreachable', `${service.name}: ${answer.message}`);
}

/** One call that must succeed. Throws `refused` with what the service said. */
export async function demand(
  service: Pick<ListedService, 'name' | 'url'>,
  call: PlatformCall,
): Promise<unknown> {
  const answer = await ask(service, call);
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw new CliError('refused', `${service.name}: ${errorTextOf(answer)}`);
}

/** What came of asking several services; those that did not answer, by message. */
export interface AskedAll<T> {
  readonly done: readonly T[];
  readonly away: readonly string[];
}

/** Asks every service, also when some do not answer. */
export async function askAll<T>(
  services: readonly ListedService[],
  work: (service: ListedService) => Promise<T>,
): Promise<AskedAll<T>> {
  const done: T[] = [];
  const away: string[] = [];
  for (const service of services) {
    try {
      done.push(await work(service));
    } catch (error) {
      if (!(error instanceof CliError) || error.exit !== 'unreachable') throw error;
      away.push(error.message);
    }
  }
  return { done, away };
}

/** Throws `unreachable` when a service did not answer. */
export function refuseAway(away: readonly string[]): void {
  if (away.length > 0) throw new CliError('unreachable', away.join('\n'));
}

/** The value as JSON, or as lines for people. */
export function show(
  context: CommandContext,
  value: unknown,
  options: { readonly json?: boolean | undefined; readonly lines: readonly string[] },
): void {
  const text = options.json === true ? JSON.stringify(value, null, 2) : options.lines.join('\n');
  if (text !== '') context.write(`${text}\n`);
}
