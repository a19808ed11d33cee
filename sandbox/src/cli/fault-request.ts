// What `fault add` was asked for, checked against the fault table, and which services get it.
import {
  BACKENDS,
  EVENT_TYPES,
  FAULT_KIND_NAMES,
  FAULT_KINDS,
  type FaultKind,
  type ServiceName,
} from '../names.js';
import { frameOfRegistry, registryIds, type Topology } from '../topology.js';
import { CliError } from './exit-codes.js';
import { faultyServices, type ListedService } from './service-list.js';

/** The options as commander hands them over. */
export interface FaultOptions {
  readonly service?: string;
  readonly frame?: string;
  readonly registry?: string;
  readonly eventType?: string;
  readonly backend?: string;
  readonly sender?: string;
  readonly receiver?: string;
  readonly memoPrefix?: string;
  readonly at?: string;
  readonly probability?: string;
  readonly count?: string;
  readonly duration?: string;
  readonly param?: readonly string[];
}

export interface FaultRequest {
  /** The body of `POST /control/faults`. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly targets: readonly ListedService[];
}

const PLACES = ['before_store', 'after_store'] as const;
const DURATION_UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Checks every field by its table. Throws CliError that names the option and its value. */
export function readFaultRequest(
  kindText: string,
  options: FaultOptions,
  topology: Topology,
): FaultRequest {
  const kind = oneOf('kind', kindText, FAULT_KIND_NAMES);
  const { sender, receiver, memoPrefix } = options;
  const body = {
    kind,
    frame: optional(options.frame, (text) => frameId('--frame', text, topology)),
    event_type: optional(options.eventType, (text) => oneOf('--event-type', text, EVENT_TYPES)),
    backend: optional(options.backend, (text) => oneOf('--backend', text, BACKENDS)),
    ...{ sender, receiver, memo_prefix: memoPrefix },
    at: optional(options.at, (text) => oneOf('--at', text, PLACES)),
    probability: optional(options.probability, readProbability),
    count: optional(options.count, readCount),
    duration_ms: optional(options.duration, readDurationMs),
    params: options.param && readParams(kind, options.param),
  };
  return { body, targets: targetsOf(kind, options, topology) };
}

/** `30s`, `500ms`, `5m`, `1h`, or bare milliseconds. */
export function readDurationMs(text: string): number {
  const match = /^(\d{1,9})(ms|s|m|h)?$/.exec(text);
  const unit = (match?.[2] ?? 'ms') as keyof typeof DURATION_UNITS_MS;
  const durationMs = Number(match?.[1] ?? 0) * DURATION_UNITS_MS[unit];
  if (durationMs > 0) return durationMs;
  throw new CliError('usage', `--duration "${text}": expected a time such as 500ms, 30s or 5m`);
}

/** A service gets the fault if it can strike it and lies where the options say. */
function targetsOf(
  kind: FaultKind,
  options: FaultOptions,
  topology: Topology,
): readonly ListedService[] {
  const service = chooseService(kind, options);
  const registry = optional(options.registry, (text) =>
    oneOf('--registry', text, registryIds(topology)),
  );
  if (registry !== undefined && service !== 'registry') {
    throw new CliError('usage', `--registry "${registry}": ${kind} strikes at the ${service}`);
  }
  const frame = options.frame ?? (registry && frameOfRegistry(topology, registry)?.id);
  const targets = faultyServices(topology).filter(
    (candidate) =>
      candidate.service === service &&
      (frame === undefined || candidate.frame === frame) &&
      (registry === undefined || candidate.registry === registry),
  );
  if (targets.length > 0) return targets;
  throw new CliError('usage', `--registry "${registry}": is not in frame "${frame}"`);
}

function chooseService(kind: FaultKind, options: FaultOptions): ServiceName {
  const services: readonly ServiceName[] = FAULT_KINDS[kind].services;
  if (options.service !== undefined) return oneOf('--service', options.service, services);
  const [only, ...others] = services;
  if (only !== undefined && others.length === 0) return only;
  if (services.includes('event-store')) {
    return options.at === 'after_store' ? 'event-store' : 'teg';
  }
  if (options.registry !== undefined) return 'registry';
  throw new CliError('usage', `--service: ${kind} needs one of ${services.join(', ')}`);
}

function readParams(kind: FaultKind, pairs: readonly string[]): Readonly<Record<string, string>> {
  const known = Object.keys(FAULT_KINDS[kind].params);
  const entries = pairs.map((pair): [string, string] => {
    const [, name, value] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new CliError('usage', `--param "${pair}": expected name=value`);
    }
    return [oneOf(`--param of ${kind}`, name, known), value];
  });
  return Object.fromEntries(entries);
}

function readProbability(text: string): number {
  const probability = Number(text);
  if (text.trim() !== '' && probability > 0 && probability <= 1) return probability;
  throw new CliError('usage', `--probability "${text}": expected more than 0 and at most 1`);
}

function readCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CliError('usage', `--count "${text}": expected a whole number from 1 on`);
}

/** The frame of that id. */
export function frameId(option: string, text: string, topology: Topology): string {
  return oneOf(
    option,
    text,
    topology.frames.map((frame) => frame.id),
  );
}

function oneOf<T extends string>(option: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  const expected = known.length === 0 ? 'it takes none' : `expected one of ${known.join(', ')}`;
  throw new CliError('usage', `${option} "${text}": ${expected}`);
}

function optional<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text);
}
