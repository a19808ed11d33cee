// Every setting with the value in use and where that came from.
import type { Document, LineCounter } from 'yaml';
import { childNode, rootNode, type SchemaNode, spotOf } from './config-tree.js';
import { withoutPasswords } from './without-passwords.js';

export type SettingSource =
  | { readonly kind: 'default' }
  /** A line of the configuration file. */
  | { readonly kind: 'file'; readonly line: number }
  | { readonly kind: 'environment'; readonly variable: string };

export interface Setting {
  /** `cycle.interval`, `platform.frames.0.teg`. */
  readonly setting: string;
  /** As it is written in the file, without passwords. */
  readonly value: unknown;
  readonly source: SettingSource;
}

/** What of a configuration says where its values come from. */
export interface Origins {
  /** With the environment's values in it. */
  readonly document: Document;
  readonly lines: LineCounter;
  /** Place -> variable. */
  readonly fromEnvironment: ReadonlyMap<string, string>;
}

/** In the order of the schema; what has neither value nor default is left out. */
export function settingsOf(origins: Origins): readonly Setting[] {
  return below(origins, [], rootNode(), origins.document.toJS());
}

type Keys = readonly (string | number)[];

function below(origins: Origins, place: Keys, node: SchemaNode, value: unknown): Setting[] {
  return childKeys(node, value).flatMap((key) => {
    const child = childNode(node, key);
    if (child === undefined) return [];
    const held = heldBy(value, key);
    const here = [...place, key];
    if (held === undefined && isOnlyAsAWhole(child)) return [];
    return isSection(child, held)
      ? below(origins, here, child, held)
      : leaf(origins, here, child, held);
  });
}

function childKeys({ properties }: SchemaNode, value: unknown): Keys {
  return properties === undefined
    ? listOf(value).map((_, index) => index)
    : Object.keys(properties);
}

/** Whether a place has settings of its own: a section, or a list of sections. */
function isSection(node: SchemaNode, value: unknown): boolean {
  if (node.properties !== undefined) return true;
  return listOf(value).length > 0 && childNode(node, 0)?.properties !== undefined;
}

/** A section that nobody has written has no settings where it cannot stand without some of them. */
function isOnlyAsAWhole({ default: value, properties, required = [] }: SchemaNode): boolean {
  return properties !== undefined && required.length > 0 && value === undefined;
}

function leaf(origins: Origins, place: Keys, node: SchemaNode, held: unknown): Setting[] {
  const setting = place.join('.');
  const value = held ?? node.default;
  if (value === undefined) return [];
  return [{ setting, value: shown(value), source: sourceOf(origins, place, held) }];
}

function sourceOf(origins: Origins, place: Keys, held: unknown): SettingSource {
  const variable = origins.fromEnvironment.get(place.join('.'));
  if (variable !== undefined) return { kind: 'environment', variable };
  const spot = spotOf(origins.document, origins.lines, place);
  if (held === undefined || spot === undefined) return { kind: 'default' };
  return { kind: 'file', line: spot.line };
}

function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  return typeof value === 'string' ? withoutPasswords(value) : value;
}

function heldBy(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
