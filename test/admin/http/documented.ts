// Whether an answer of the HTTP face is one that its OpenAPI document tells of.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const DOCUMENT = new URL('../../../docs/openapi.json', import.meta.url);
const JSON_TYPE = /^application\/(problem\+)?json/;

const responseSchema = z.object({
  content: z.record(z.string(), z.object({ schema: z.unknown() })).optional(),
});
const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ responses: z.record(z.string(), responseSchema) })),
  ),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

const { components, paths } = documentSchema.parse(
  JSON.parse(readFileSync(DOCUMENT, 'utf8').replaceAll('#/components/schemas/', '#/$defs/')),
);

/** For browsers, badges and other protocols, or the document itself. */
const HIDDEN = /^\/(ui|mcp|status|status\.json|badge|problems|openapi\.json|api\/v1\/session)\b/;
/** What an address, or a method of one, answers that there is not. */
const NOWHERE = [400, 403, 404, 405, 414, 421];

export interface Told {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export const DOCUMENTED = Object.entries(paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => ({ path, method })),
);

/** What the document does not tell of an answer; nothing where it tells all of it. */
export function undocumented({ body, contentType, method, status, url }: Told): readonly string[] {
  const path = pathOf(url, method);
  if (path === undefined) {
    const isTold = HIDDEN.test(url) || NOWHERE.includes(status);
    return isTold ? [] : [`${method} ${url} is in no document`];
  }
  const told = paths[path]?.[method.toLowerCase()]?.responses[String(status)];
  if (told === undefined) return [`${method} ${path} may not answer ${status}`];
  const content = told.content?.[contentType.split(';')[0] ?? ''];
  if (content === undefined) {
    return [`${method} ${path} may not answer ${status} as ${contentType}`];
  }
  if (!JSON_TYPE.test(contentType)) return [];
  const parsed = schemaOf(content.schema).safeParse(JSON.parse(body));
  return parsed.success ? [] : parsed.error.issues.map((one) => JSON.stringify(one));
}

/** The documented path of an address, a fixed one before one with parameters. */
export function pathOf(url: string, method: string): string | undefined {
  const [address = ''] = url.split('?');
  return DOCUMENTED.filter((one) => one.method === method.toLowerCase())
    .map(({ path }) => path)
    .sort((one, other) => one.split('{').length - other.split('{').length)
    .find((path) => {
      const pattern = path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+');
      return new RegExp(`^${pattern}$`).test(address);
    });
}

const schemas = new Map<unknown, z.ZodType>();

function schemaOf(schema: unknown): z.ZodType {
  const made = schemas.get(schema) ?? made2020(schema);
  schemas.set(schema, made);
  return made;
}

function made2020(schema: unknown): z.ZodType {
  const whole = { ...z.looseObject({}).parse(schema), $defs: components.schemas };
  return z.fromJSONSchema(JSON.parse(JSON.stringify(whole)));
}
