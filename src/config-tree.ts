// The configuration file as its schema and its text have it: what a place may hold, and on which
// line it stands.
import { type Document, isMap, isNode, isScalar, type LineCounter } from 'yaml';
import { z } from 'zod';
import { configFileSchema } from './config-schema.js';

export type Place = readonly PropertyKey[];

/** The part of JSON Schema that the configuration's schema uses. */
const nodeSchema = z.looseObject({
  type: z.string().optional(),
  pattern: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
});

export type SchemaNode = z.infer<typeof nodeSchema>;

/** The JSON Schema of the configuration file, for editors and `config check`. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configFileSchema, { target: 'draft-7', io: 'input' });
}

export function rootNode(): SchemaNode {
  return nodeSchema.parse(configJsonSchema());
}

/** What the schema has below a node: a setting of a section, or any item of a list. */
export function childNode(node: SchemaNode, key: PropertyKey): SchemaNode | undefined {
  const child = typeof key === 'number' ? node.items : node.properties?.[String(key)];
  return child === undefined ? undefined : nodeSchema.parse(child);
}

export function nodeOfPlace(place: Place): SchemaNode | undefined {
  return place.reduce<SchemaNode | undefined>(
    (node, key) => (node === undefined ? undefined : childNode(node, key)),
    rootNode(),
  );
}

export interface Spot {
  readonly line: number;
  readonly col: number;
}

/** Where a place stands, or what it would stand in; `undefined` for what is not of the text. */
export function spotOf(document: Document, lines: LineCounter, place: Place): Spot | undefined {
  for (let depth = place.length; depth >= 0; depth -= 1) {
    const node = nodeAt(document, place.slice(0, depth));
    if (isNode(node) && node.range) return lines.linePos(node.range[0]);
  }
  return undefined;
}

/** A section is where its key stands, a value where it stands itself. */
function nodeAt(document: Document, path: Place): unknown {
  const value = document.getIn(path, true);
  const holder = document.getIn(path.slice(0, -1));
  if (isScalar(value) || !isMap(holder)) return value;
  return holder.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))?.key ?? value;
}
