// The only reader of the environment and of the configuration file. Raw values in, one checked,
// readonly value out; a bad value stops the start with file, place and value.
import { readFileSync } from 'node:fs';
import { type Document, isMap, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type ConfigProblem, saidOf, syntaxFix, unknownKey } from './config-problems.js';
import { type ConfigFile, configFileSchema } from './config-schema.js';
import { type Origins, type Setting, settingsOf } from './config-settings.js';
import { type Place, spotOf } from './config-tree.js';
import { parseAmount } from './domain/amount.js';
import { BACKENDS, type Backend } from './domain/backend.js';
import type { Topology } from './domain/frame.js';
import { derivePaths, type Path } from './domain/path.js';
import type { Deadlines } from './domain/test.js';
import { withoutPasswords } from './without-passwords.js';

export { configJsonSchema } from './config-tree.js';

export interface EnvironmentVariable {
  readonly name: string;
  /** Where the value lands in the configuration file's tree; `undefined`: not part of it. */
  readonly place: readonly string[] | undefined;
  readonly secret: boolean;
  readonly meaning: string;
}

/** Every environment variable that the product reads; the compose file and papers follow it. */
export const ENVIRONMENT: readonly EnvironmentVariable[] = [
  variable('CANARY_CONFIG', undefined, 'path of the configuration file (default canary.yaml)'),
  secret('DATABASE_URL', ['stores', 'postgres'], 'PostgreSQL URL of the reactor’s own database'),
  secret('REDIS_URL', ['stores', 'redis'], 'Redis URL of the stamp store'),
  variable('KAFKA_BROKERS', ['stores', 'kafka'], 'Kafka brokers, comma separated'),
  variable(
    'CANARY_AGENT_TOKENS_FILE',
    ['platform', 'agentTokensFile'],
    'JSON file: agent -> token',
  ),
  variable('CANARY_CYCLE_INTERVAL', ['cycle', 'interval'], 'how often a cycle fires'),
  variable('CANARY_CYCLE_SPREAD', ['cycle', 'spread'], 'over how long a cycle spreads its fires'),
  variable('CANARY_WORKER_LISTEN', ['listen', 'worker'], 'host:port of the worker’s health'),
  variable('CANARY_SDK_METRICS_LISTEN', ['listen', 'sdkMetrics'], 'host:port of the SDK metrics'),
  variable('CANARY_EXPORTER_LISTEN', ['listen', 'exporter'], 'host:port of /metrics'),
  variable('CANARY_WEB_LISTEN', ['listen', 'web'], 'host:port of page, API and MCP'),
  variable('CANARY_WEB_AUTHENTICATION', ['web', 'authentication'], 'open or required'),
  variable(
    'CANARY_TEMPORAL_SERVER_METRICS',
    ['temporal', 'serverMetricsUrl'],
    'server metrics URL',
  ),
  variable('TEMPORAL_ADDRESS', undefined, 'Temporal frontend; read by Temporal’s own envconfig'),
  variable('TEMPORAL_NAMESPACE', undefined, 'Temporal namespace; read by Temporal’s own envconfig'),
  variable('LOG_LEVEL', ['logLevel'], 'debug, info, warn or error'),
];

/** The checked configuration, with what follows from it. */
export interface Config extends ConfigFile {
  readonly file: string;
  /** Settings that the environment overrode, by place, with the variable that did. */
  readonly fromEnvironment: Readonly<Record<string, string>>;
  /** Every setting as it may be shown, with where its value came from. */
  readonly settings: readonly Setting[];
  readonly topology: Topology;
  readonly paths: readonly Path[];
  readonly amountBaseUnits: bigint;
  readonly deadlinesByBackend: Readonly<Record<Backend, Deadlines>>;
  readonly finalDeadlineMaxMs: number;
}

/** Thrown by `loadConfig`: names the file and every problem, with line and column where known. */
export class ConfigError extends Error {
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[], options?: ErrorOptions) {
    const lines = problems.flatMap(({ place, value, message, fix }) => [
      `  ${place}: ${message} (${value})`,
      ...(fix === undefined ? [] : [`    -> ${fix}`]),
    ]);
    super(`configuration ${file} is not usable:\n${lines.join('\n')}`, options);
    this.name = 'ConfigError';
    this.file = file;
    this.problems = problems;
  }
}

/** Loads file and environment; the environment wins. Throws `ConfigError`. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const file = env.CANARY_CONFIG || 'canary.yaml';
  return parseConfig(file, readConfigFile(file), env);
}

/** Checks the text of a configuration file together with an environment. Throws `ConfigError`. */
export function parseConfig(file: string, text: string, env: NodeJS.ProcessEnv): Config {
  const lines = new LineCounter();
  // Pretty errors quote the lines around them, and with them whatever secret stands there.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const { code, message, pos } = syntax;
    const { line, col } = lines.linePos(pos[0]);
    const place = `syntax (${file}:${line}:${col})`;
    throw new ConfigError(file, [{ place, value: code, message, ...syntaxFix(code) }]);
  }
  const fromEnvironment = applyEnvironment(document, env);
  const origins = { document, lines, fromEnvironment };
  const parsed = configFileSchema.safeParse(contentsOf(file, document));
  if (!parsed.success) {
    const { issues } = parsed.error;
    throw new ConfigError(
      file,
      issues.flatMap((issue) => problemsOf(file, issue, origins)),
    );
  }
  return derive(file, parsed.data, origins);
}

/** The value with every secret replaced, fit for logs and `config show`. */
export function withoutSecrets(config: Config): unknown {
  const { stores, amountBaseUnits, topology: _topology, paths: _paths, ...rest } = config;
  return {
    ...rest,
    amountBaseUnits: amountBaseUnits.toString(),
    stores: {
      ...stores,
      postgres: withoutPasswords(stores.postgres),
      redis: withoutPasswords(stores.redis),
    },
  };
}

function variable(
  name: string,
  place: readonly string[] | undefined,
  meaning: string,
): EnvironmentVariable {
  return { name, place, secret: false, meaning };
}

function secret(name: string, place: readonly string[], meaning: string): EnvironmentVariable {
  return { name, place, secret: true, meaning };
}

function readConfigFile(file: string, variableName = 'CANARY_CONFIG'): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `cannot be read; set ${variableName} to a readable file`;
    throw new ConfigError(file, [{ place: 'file', value: file, message }], { cause });
  }
}

/** The document as plain values; an alias that means nothing is a problem of syntax, too. */
function contentsOf(file: string, document: Document): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const problem = { place: 'syntax', value: 'BAD_ALIAS', message, ...syntaxFix('BAD_ALIAS') };
    throw new ConfigError(file, [problem], { cause });
  }
}

/**
 * Puts the environment's values into the document; answers which place came from which variable.
 */
function applyEnvironment(document: Document, env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const applied = new Map<string, string>();
  for (const row of ENVIRONMENT) {
    const ofFile = secretFromFile(row, env);
    const value = ofFile ?? env[row.name];
    if (value === undefined || value === '' || row.place === undefined) continue;
    if (!makeRoom(document, row.place.slice(0, -1))) continue;
    document.setIn(row.place, row.name === 'KAFKA_BROKERS' ? listed(value) : value);
    applied.set(row.place.join('.'), ofFile === undefined ? row.name : `${row.name}_FILE`);
  }
  return applied;
}

/** Whether a value can be put below a place; an empty section is made a mapping on the way. */
function makeRoom(document: Document, place: readonly string[]): boolean {
  for (let depth = 0; depth <= place.length; depth += 1) {
    const holder = place.slice(0, depth);
    const value = document.getIn(holder);
    if (value === null || value === undefined) {
      if (depth === 0) document.contents = document.createNode({}) as never;
      else document.setIn(holder, document.createNode({}));
    } else if (!isMap(value)) {
      // What is no mapping holds nothing; the schema says so.
      return false;
    }
  }
  return true;
}

function listed(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A secret may stand in a file named by `<NAME>_FILE`, so that it is in no environment. */
function secretFromFile(row: EnvironmentVariable, env: NodeJS.ProcessEnv): string | undefined {
  const name = `${row.name}_FILE`;
  const file = env[name];
  return row.secret && file !== undefined ? readConfigFile(file, name).trim() : undefined;
}

function placeOf(file: string, path: Place, origins: Origins): string {
  const place = path.map(String).join('.') || 'the whole file';
  const variable = origins.fromEnvironment.get(place);
  if (variable !== undefined) return `${place} (from ${variable})`;
  const spot = spotOf(origins.document, origins.lines, path);
  return spot === undefined ? place : `${place} (${file}:${spot.line}:${spot.col})`;
}

function problemsOf(
  file: string,
  issue: z.core.$ZodIssue,
  origins: Origins,
): readonly ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const place = placeOf(file, [...issue.path, key], origins);
      return { place, value: key, ...unknownKey(issue.path, key) };
    });
  }
  const value = origins.document.getIn(issue.path);
  const path = issue.path.map(String).join('.');
  const row = ENVIRONMENT.find((one) => one.place?.join('.') === path);
  const shown = row?.secret ? '***' : withoutPasswords(JSON.stringify(value) ?? 'nothing');
  const place = placeOf(file, issue.path, origins);
  // Of what is secret no fix may quote a word.
  const told = row?.secret && value !== undefined ? '***' : value;
  return [{ place, value: shown.slice(0, 200), ...saidOf(issue, told, row?.name) }];
}

function derive(file: string, parsed: ConfigFile, origins: Origins): Config {
  const topology: Topology = {
    lanes: parsed.platform.lanes,
    frames: parsed.platform.frames.map((frame) => ({
      id: frame.id,
      registries: frame.registries.map(({ id, agents }) => ({ id, agents })),
    })),
  };
  const deadlinesByBackend = Object.fromEntries(
    BACKENDS.map((backend) => {
      const { soft, final } = parsed.deadlines[backend];
      return [backend, { softMs: soft, finalMs: final }];
    }),
  ) as Record<Backend, Deadlines>;
  return {
    ...parsed,
    file,
    fromEnvironment: Object.fromEntries(origins.fromEnvironment),
    settings: settingsOf(origins),
    topology,
    paths: derivePaths(topology),
    amountBaseUnits: parseAmount(parsed.cycle.amount) ?? 0n,
    deadlinesByBackend,
    finalDeadlineMaxMs: Math.max(...BACKENDS.map((one) => deadlinesByBackend[one].finalMs)),
  };
}
