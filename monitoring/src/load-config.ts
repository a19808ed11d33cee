// The monitoring configuration in use: a base, and what an optional YAML file sets differently.
import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { MonitoringConfig } from './config.js';
import { monitoringConfigSchema } from './config-schema.js';

/** Names the file whose values replace those of the base; what it leaves out stays. */
export const MONITORING_CONFIG_VARIABLE = 'CANARY_MONITORING_CONFIG';

/** A value that cannot be used; the message names the file, the place and the value. */
export class MonitoringConfigError extends Error {
  override readonly name = 'MonitoringConfigError';
  readonly file: string;

  constructor(file: string, problems: readonly string[], options?: ErrorOptions) {
    super(`monitoring configuration ${file} is not usable:\n  ${problems.join('\n  ')}`, options);
    this.file = file;
  }
}

/** Throws `MonitoringConfigError`, also where the base itself is wrong. */
export function loadMonitoringConfig(
  base: MonitoringConfig,
  environment: NodeJS.ProcessEnv,
): MonitoringConfig {
  const file = environment[MONITORING_CONFIG_VARIABLE]?.trim() ?? '';
  if (file === '') return checkedMonitoringConfig(base, 'monitoring/src/config.ts', () => '');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MonitoringConfigError(file, [`cannot be read: ${reason}`], { cause });
  }
  return parseMonitoringConfig(base, file, text);
}

/** Throws `MonitoringConfigError` with the line of each value that is wrong. */
export function parseMonitoringConfig(
  base: MonitoringConfig,
  file: string,
  text: string,
): MonitoringConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax !== undefined) throw new MonitoringConfigError(file, [syntax.message]);
  const lineOf = (path: readonly PropertyKey[]): string => {
    // What is missing has no place of its own; what it is missing in has one.
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return `line ${lines.linePos(node.range[0]).line}: `;
    }
    return '';
  };
  return checkedMonitoringConfig(merged(base, document.toJS() ?? {}), file, lineOf);
}

function checkedMonitoringConfig(
  value: unknown,
  file: string,
  lineOf: (path: readonly PropertyKey[]) => string,
): MonitoringConfig {
  const parsed = monitoringConfigSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ code, path, message, input }) => {
    const place = path.join('.') || '(root)';
    // Of a key that is unknown the message says all, and its value would be the whole object.
    const value = code === 'unrecognized_keys' ? '' : `, got ${shown(input)}`;
    return `${lineOf(path)}${place}: ${message}${value}`;
  });
  throw new MonitoringConfigError(file, problems);
}

/** Objects are merged key by key; a list or a single value replaces what stood there. */
function merged(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over)) return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in over ? merged(base[key], over[key]) : base[key]]),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const SHOWN_CHARACTERS = 100;

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, SHOWN_CHARACTERS) ?? String(value);
}
