// What is wrong with a configuration, in the words of whoever has to mend it: where, which value,
// why, and what to write instead.
import { closest, distance } from 'fastest-levenshtein';
import type { YAMLError } from 'yaml';
import type { z } from 'zod';
import { DURATION_PROBLEM, durationMeant } from './config-schema.js';
import { nodeOfPlace, type Place, rootNode, type SchemaNode } from './config-tree.js';

/** One thing wrong with the configuration: where, what value, and why. */
export interface ConfigProblem {
  readonly place: string;
  readonly value: string;
  readonly message: string;
  /** What to write instead, where that can be said. */
  readonly fix?: string;
}

export type Said = Pick<ConfigProblem, 'message' | 'fix'>;

/** What a key that is no setting was meant to be. */
export function unknownKey(place: Place, key: string): Said {
  const message = 'is no setting';
  const known = Object.keys(nodeOfPlace(place)?.properties ?? {});
  const near = nearest(key, known);
  if (near !== undefined) return { message, fix: `did you mean ${near}?` };
  const homes = homesOf(key, rootNode(), []);
  if (homes.length > 0) return { message, fix: `it belongs below ${homes.join(' or ')}` };
  return { message, fix: `known here: ${known.join(', ')}` };
}

/** What an issue of the schema says about a value, and which variable may hold it instead. */
export function saidOf(issue: z.core.$ZodIssue, value: unknown, variable?: string): Said {
  const node = nodeOfPlace(issue.path);
  if (issue.message === DURATION_PROBLEM || isDuration(node)) return duration(issue, value);
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, value, node, variable);
    case 'invalid_value':
      return wrongChoice(issue.values.map(String), value);
    case 'too_small':
      return issue.origin === 'array'
        ? { message: `needs at least ${issue.minimum}` }
        : { message: `must be at least ${issue.minimum}` };
    case 'too_big':
      return { message: `must be at most ${issue.maximum}` };
    case 'custom':
      return typeof issue.params?.fix === 'string'
        ? { message: issue.message, fix: issue.params.fix }
        : { message: issue.message };
    default:
      return { message: issue.message };
  }
}

/** What to do about an error of the syntax, by its code. */
const SYNTAX_FIXES: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'a text that begins with * needs quotes',
  BAD_INDENT: 'the settings of a section stand below each other, at one depth',
  BAD_SCALAR_START: 'a text that begins with this sign needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a text with a colon and a blank in it needs quotes',
  DUPLICATE_KEY: 'keep one of them',
  MISSING_CHAR: 'look at this line and the one above: a quote, bracket or colon is not there',
  TAB_AS_INDENT: 'indent by blanks instead of tabs',
};

export function syntaxFix(code: YAMLError['code'] | 'BAD_ALIAS'): Pick<ConfigProblem, 'fix'> {
  const fix = SYNTAX_FIXES[code];
  return fix === undefined ? {} : { fix };
}

function wrongType(
  expected: string,
  value: unknown,
  node: SchemaNode | undefined,
  variable: string | undefined,
): Said {
  const isNothing = value === undefined || value === null;
  const message =
    value === null
      ? 'is empty'
      : isNothing
        ? 'is missing'
        : (KINDS[expected] ?? `must be of type ${expected}`);
  const fix = isNothing ? missingFix(node, variable) : kindFix(expected, value, node);
  return fix === undefined ? { message } : { message, fix };
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'must be a section with settings of its own',
  array: 'must be a list',
  string: 'must be a text',
  number: 'must be a number',
  int: 'must be a whole number',
};

function missingFix(node: SchemaNode | undefined, variable: string | undefined) {
  if (variable !== undefined) return `write it, or set ${variable}`;
  const needed = node?.required ?? [];
  return needed.length === 0 ? undefined : `it needs ${needed.join(', ')}: see canary.example.yaml`;
}

function kindFix(expected: string, value: unknown, node: SchemaNode | undefined) {
  if (expected === 'object') {
    const known = Object.keys(node?.properties ?? {});
    return known.length === 0 ? undefined : `its settings are ${known.join(', ')}`;
  }
  if (expected === 'string') return `write it in quotes: '${String(value)}'`;
  if (expected === 'array' && typeof value === 'string') return `write ['${value}']`;
  const isNumber = typeof value === 'string' && value.trim() !== '' && Number.isFinite(+value);
  return isNumber ? `write ${+value}, without quotes` : undefined;
}

function wrongChoice(values: readonly string[], value: unknown): Said {
  const message = `must be one of ${values.join(', ')}`;
  const near = typeof value === 'string' ? nearest(value.toLowerCase(), values) : undefined;
  return near === undefined ? { message } : { message, fix: `did you mean ${near}?` };
}

function isDuration(node: SchemaNode | undefined): boolean {
  return node?.pattern?.includes('(ms|s|m|h|d)') === true;
}

function duration(issue: z.core.$ZodIssue, value: unknown): Said {
  const message = issue.code === 'invalid_type' ? DURATION_PROBLEM : issue.message;
  const meant = durationMeant(String(value));
  return meant === undefined ? { message } : { message, fix: `write ${meant}` };
}

/** A longer or shorter form, or a slip of the hand: a third of its letters, two at least. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const longer = word.length < 3 ? undefined : known.find((one) => begins(one, word));
  if (longer !== undefined || known.length === 0) return longer;
  const near = closest(word, known);
  return distance(word, near) <= Math.max(2, word.length / 3) ? near : undefined;
}

/** `warn` of `warning`, `info` of `information`, and the other way round. */
function begins(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** The sections that have a setting of this name. */
function homesOf(key: string, node: SchemaNode, place: Place): readonly string[] {
  return Object.keys(node.properties ?? {}).flatMap((name) => {
    const child = nodeOfPlace([...place, name]);
    if (child?.properties === undefined) return [];
    const here = child.properties[key] === undefined ? [] : [[...place, name].join('.')];
    return [...here, ...homesOf(key, child, [...place, name])];
  });
}
