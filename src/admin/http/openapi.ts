// The HTTP face described: every route's input and output as the table of operations has them.
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Operation } from '../operation.js';
import { PROBLEM_CONTENT_TYPE, PROBLEMS, type ProblemKind, problemSchema } from './problem.js';
import { pathFields, type Route } from './routes.js';

/** The problems that any request may be answered with. */
const COMMON: readonly ProblemKind[] = [
  'malformed',
  'unauthenticated',
  'forbidden',
  'refused',
  'unreachable',
];
const OF_PATH: readonly ProblemKind[] = ['not-found', 'uri-too-long'];
const OF_ACTION: readonly ProblemKind[] = [
  'in-progress',
  'too-large',
  'unsupported-media-type',
  'failed',
  'timed-out',
];

export function swaggerOptions(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Canary reactor',
        version,
        description:
          'Canaries, supply audits and the actions on them. Times are UTC, amounts are AVT as ' +
          'text, a name ending in `Ms` counts milliseconds, and an absent key is not known.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'canary_session' },
        },
      },
      security: [{ bearer: [] }, { session: [] }, {}],
    },
    transform: createJsonSchemaTransform({}),
    transformObject: (document) => bodiesAsNeeded(createJsonSchemaTransformObject({})(document)),
  };
}

export const IDEMPOTENCY_KEY = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible ASCII characters');

/** What one route takes and answers, as fastify and its OpenAPI plugin want it. */
export function schemaOf(route: Route) {
  const { method, operation, tag } = route;
  const inPath = pathFields(route);
  const isAction = method === 'POST';
  const { params, rest } = splitInput(operation, inPath);
  return {
    operationId: operationId(route),
    summary: operation.summary,
    description: needs(operation),
    tags: [tag],
    ...(inPath.length === 0 ? {} : { params }),
    ...(isAction ? { body: rest } : { querystring: rest }),
    ...(isAction ? { headers: z.object({ 'idempotency-key': IDEMPOTENCY_KEY.optional() }) } : {}),
    response: {
      200: operation.output,
      ...problemResponses([
        ...COMMON,
        ...(inPath.length > 0 ? OF_PATH : []),
        ...(isAction ? OF_ACTION : []),
      ]),
    },
  };
}

function needs({ role, roleFor }: Operation): string {
  const more = roleFor === undefined ? '' : ' and, where it does more than read, more';
  return `Needs the right to ${role}${more}.`;
}

/** What the guards before every route may answer, and before those that take a body. */
const GUARDS: readonly ProblemKind[] = ['wrong-host', 'too-many-requests'];
export const BODY_GUARDS: readonly ProblemKind[] = [
  'cross-site',
  'malformed',
  'too-large',
  'unsupported-media-type',
];

/** The documented problems of a route: its own, and those of the guards before it. */
export function problemResponses(own: readonly ProblemKind[] = []) {
  const kinds = [...new Set([...own, ...GUARDS])];
  const statuses = [...new Set(kinds.map((kind) => PROBLEMS[kind].status))];
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: kinds
          .filter((kind) => PROBLEMS[kind].status === status)
          .map((kind) => PROBLEMS[kind].title)
          .join('; '),
        content: { [PROBLEM_CONTENT_TYPE]: { schema: problemSchema } },
      },
    ]),
  );
}

function operationId({ method, url }: Route): string {
  const words = url.split(/[/:]+/).slice(3);
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return `${method.toLowerCase()}${name}`;
}

/** The one input of an operation, as parts of the path and as what the query or the body holds. */
function splitInput({ input }: Operation, inPath: readonly string[]) {
  if (!(input instanceof z.ZodObject)) throw new Error('an operation’s input must be an object');
  const fields = Object.entries(input.shape);
  const part = (wanted: boolean) =>
    z.strictObject(Object.fromEntries(fields.filter(([name]) => inPath.includes(name) === wanted)));
  return { params: part(true), rest: part(false) };
}

/** A body none of whose fields is needed may be left out as a whole. */
function bodiesAsNeeded<T extends { readonly paths?: object }>(document: T): T {
  for (const methods of Object.values(document.paths ?? {})) {
    for (const one of Object.values(methods as Record<string, { requestBody?: RequestBody }>)) {
      const schema = one.requestBody?.content['application/json']?.schema;
      if (one.requestBody !== undefined && schema !== undefined) {
        one.requestBody.required = (schema.required ?? []).length > 0;
      }
    }
  }
  return document;
}

interface RequestBody {
  required?: boolean;
  readonly content: Readonly<
    Record<string, { readonly schema?: { readonly required?: readonly string[] } }>
  >;
}
