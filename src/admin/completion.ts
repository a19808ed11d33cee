// What a shell may complete: the words of every command, its options, and the values that the
// schemas and the configuration know.
import { z } from 'zod';
import { type Config, ConfigError, loadConfig } from '../config.js';
import type { Command, Option } from './cli-command.js';

/** A command as the command line has it, with those below it. */
export interface CommandNode {
  readonly words: string;
  readonly summary: string;
  readonly options: readonly Option[];
  /** The names of its positional arguments. */
  readonly arguments: readonly string[];
  /** Absent for a word that only holds others. */
  readonly command: Command | undefined;
  readonly below: readonly CommandNode[];
}

/** What is completed where a value of that name stands, such as `path`. */
export type KnownWords = Readonly<Record<string, readonly string[]>>;

/** What follows an option or stands as an argument. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' }
  | { readonly kind: 'any' };

const schemaOfInput = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ enum: z.array(z.string()).optional() })),
});

/** The paths and upstreams of the configuration; none where it is not usable. */
export function knownWords(env: NodeJS.ProcessEnv): KnownWords {
  try {
    return wordsOf(loadConfig(env));
  } catch (error) {
    if (error instanceof ConfigError) return {};
    throw error;
  }
}

function wordsOf({ paths, platform, topology, upstreams }: Config): KnownWords {
  const registries = platform.frames.flatMap((frame) => frame.registries.map(({ id }) => id));
  const monitoring = Object.entries(upstreams).flatMap(([name, one]) => (one ? [name] : []));
  const agents = topology.frames.flatMap((frame) =>
    frame.registries.flatMap((registry) => registry.agents),
  );
  return {
    path: paths.map(({ id }) => id),
    target: [...monitoring, ...registries],
    sender: agents,
    receiver: agents,
  };
}

/** `--path <path>` takes what is known as `path`; `--role <role>` what its schema lists. */
export function valuesOf(
  node: CommandNode,
  placeholder: string,
  field: string,
  known: KnownWords,
): Values {
  if (placeholder === 'file') return { kind: 'file' };
  if (placeholder.includes('|')) return { kind: 'words', words: placeholder.split('|') };
  const listed = enumOf(node, field);
  const words = listed ?? (placeholder === 'address' ? undefined : known[field]);
  return words === undefined ? { kind: 'any' } : { kind: 'words', words };
}

/** Long name and placeholder of `--role <role>`; no placeholder for a flag. */
export function partsOf({ flags }: Option): { readonly name: string; readonly value?: string } {
  const [, name = '', value] = /--([\w-]+)(?: <(.+)>)?$/.exec(flags) ?? [];
  return value === undefined ? { name } : { name, value };
}

function enumOf({ command }: CommandNode, field: string): readonly string[] | undefined {
  if (command === undefined) return undefined;
  const schema = z.toJSONSchema(command.input, { io: 'input', unrepresentable: 'any' });
  return schemaOfInput.safeParse(schema).data?.properties[field]?.enum;
}
