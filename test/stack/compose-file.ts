// The compose files as their tests read them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { PROJECT_ROOT } from '../../stack/directories.js';

export interface ComposeService {
  readonly image: string;
  readonly restart?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly network_mode?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly configs?: readonly { readonly source: string }[];
  readonly volumes?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly configs?: Readonly<Record<string, { readonly content: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export function readProjectFile(file: string): string {
  return readFileSync(join(PROJECT_ROOT, file), 'utf8');
}

export function readComposeFile(file: string): ComposeFile {
  return parse(readProjectFile(file), { merge: true }) as ComposeFile;
}

export const compose = readComposeFile('docker-compose.temporal.yml');

const schema = JSON.parse(readProjectFile('test/stack/fixtures/compose-spec.schema.json'));
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
const validate = ajv.compile(schema);

/** What the schema of compose files has against a file; empty when nothing. */
export function composeProblems(file: unknown): readonly unknown[] {
  return validate(file) ? [] : (validate.errors ?? []);
}

export function service(name: string): ComposeService {
  const found = compose.services[name];
  if (found === undefined) throw new RangeError(`no service ${name}`);
  return found;
}

/** A configuration's content with the defaults that stand beside its variables. */
export function content(name: string): string {
  return withDefaults(compose.configs?.[name]?.content ?? '');
}

/** What compose makes of a text in an environment without any of its variables. */
export function withDefaults(value: string): string {
  return value.replace(/(?<!\$)\$\{\w+:-([^}]*)\}/g, '$1').replaceAll('$$', '$');
}
