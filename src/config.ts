// The only reader of the environment and of the configuration file. Raw values in, one checked,
// readonly value out; a bad value stops the start with file, place and value.
import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type ConfigFile, configFileSchema } from './config-schema.js';
import { parseAmount } from './domain/amount.js';
import { BACKENDS, type Backend } from './domain/backend.js';
import type { Topology } from './domain/frame.js';
import { derivePaths, type Path } from './domain/path.js';
import type { Deadlines } from './domain/test.js';

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
  readonly topology: Topology;
  readonly paths: readonly Path[];
  readonly amountBaseUnits: bigint;
  readonly deadlinesByBackend: Readonly<Record<Backend, Deadlines>>;
  readonly finalDeadlineMaxMs: number;
}

/** One thing wrong with the configuration: where, what value, and why. */
export interface ConfigProblem {
  readonly place: string;
  readonly value: string;
  readonly message: string;
}

/** Thrown by `loadConfig`: names the file and every problem, with line and column where known. */
export class ConfigError extends Error {
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[], options?: ErrorOptions) {
    const lines = problems.map(({ place, value, message }) => `  ${place}: ${message} (${value})`);
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
    const { line, col } = lines.linePos(syntax.pos[0]);
    const place = `syntax (${file}:${line}:${col})`;
    throw new ConfigError(file, [{ place, value: syntax.code, message: syntax.message }]);
  }
  const fromEnvironment = applyEnvironment(document, env);
  const parsed = configFileSchema.safeParse(contentsOf(file, document));
  if (!parsed.success) {
    const locate = locator(file, document, lines, fromEnvironment);
    throw new ConfigError(
      file,
      parsed.error.issues.flatMap((issue) => problemsOf(issue, document, locate)),
    );
  }
  const variables = [...fromEnvironment].map(([place, { name }]) => [place, name]);
  return derive(file, parsed.data, Object.fromEntries(variables));
}

/** The JSON Schema of the configuration file, for editors and `config check`. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configFileSchema, { target: 'draft-7', io: 'input' });
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
    throw new ConfigError(file, [{ place: 'syntax', value: 'BAD_ALIAS', message }], { cause });
  }
}

/** A text in which every password of a URL is replaced: before the host, and in the query. */
function withoutPasswords(text: string): string {
  return text
    .replace(/\/\/([^\s:@/"]*):[^\s"]*@/g, '//$1:***@')
    .replace(/([?&]password=)[^\s&"]*/gi, '$1***');
}

/**
 * Puts the environment's values into the document; answers which place came from which variable.
 */
function applyEnvironment(
  document: Document,
  env: NodeJS.ProcessEnv,
): ReadonlyMap<string, EnvironmentVariable> {
  const applied = new Map<string, EnvironmentVariable>();
  for (const row of ENVIRONMENT) {
    const value = secretFromFile(row, env) ?? env[row.name];
    if (value === undefined || value === '' || row.place === undefined) continue;
    if (!makeRoom(document, row.place.slice(0, -1))) continue;
    document.setIn(row.place, row.name === 'KAFKA_BROKERS' ? listed(value) : value);
    applied.set(row.place.join('.'), row);
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

type Locate = (path: readonly PropertyKey[]) => string;

function locator(
  file: string,
  document: Document,
  lines: LineCounter,
  fromEnvironment: ReadonlyMap<string, EnvironmentVariable>,
): Locate {
  return (path) => {
    const place = path.map(String).join('.') || 'the whole file';
    const source = fromEnvironment.get(place);
    if (source !== undefined) return `${place} (from ${source.name})`;
    for (let depth = path.length; depth >= 0; depth -= 1) {
      const node = nodeAt(document, path.slice(0, depth));
      if (isNode(node) && node.range) {
        const { line, col } = lines.linePos(node.range[0]);
        return `${place} (${file}:${line}:${col})`;
      }
    }
    return place;
  };
}

/** A section is where its key stands, a value where it stands itself. */
function nodeAt(document: Document, path: readonly PropertyKey[]): unknown {
  const value = document.getIn(path, true);
  const holder = document.getIn(path.slice(0, -1));
  if (isScalar(value) || !isMap(holder)) return value;
  return holder.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))?.key ?? value;
}

function problemsOf(
  issue: z.core.$ZodIssue,
  document: Document,
  locate: Locate,
): readonly ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      place: locate([...issue.path, key]),
      value: key,
      message: 'is no setting',
    }));
  }
  const value = document.getIn(issue.path);
  const secretPlace = ENVIRONMENT.some(
    (row) => row.secret && row.place?.join('.') === issue.path.map(String).join('.'),
  );
  const shown = secretPlace ? '***' : withoutPasswords(JSON.stringify(value) ?? 'nothing');
  return [{ place: locate(issue.path), value: shown.slice(0, 200), message: issue.message }];
}

function derive(
  file: string,
  parsed: ConfigFile,
  fromEnvironment: Config['fromEnvironment'],
): Config {
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
    fromEnvironment,
    topology,
    paths: derivePaths(topology),
    amountBaseUnits: parseAmount(parsed.cycle.amount) ?? 0n,
    deadlinesByBackend,
    finalDeadlineMaxMs: Math.max(...BACKENDS.map((one) => deadlinesByBackend[one].finalMs)),
  };
}
