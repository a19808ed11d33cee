// Answers that are no value, as problem details (RFC 9457): the kinds in one table, with the status
// that each is sent under.
import { z } from 'zod';
import type { Answer } from '../answer.js';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

export const PROBLEMS = {
  malformed: { status: 400, title: 'The request cannot be read' },
  unauthenticated: { status: 401, title: 'Nobody known asks' },
  forbidden: { status: 403, title: 'Who asks may not do this' },
  'cross-site': { status: 403, title: 'Another site sent this request' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'This address does not take this method' },
  'in-progress': { status: 409, title: 'The same request is being worked on' },
  'too-large': { status: 413, title: 'The request is too large' },
  'uri-too-long': { status: 414, title: 'The address is too long' },
  'unsupported-media-type': { status: 415, title: 'Only JSON is read' },
  'wrong-host': { status: 421, title: 'This host is not served here' },
  refused: { status: 422, title: 'A field of the request was refused' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  defect: { status: 500, title: 'A defect of the reactor itself' },
  failed: { status: 502, title: 'What was begun did not end well' },
  unreachable: { status: 503, title: 'A dependency is away' },
  'timed-out': { status: 504, title: 'The wait ended first; what was started goes on' },
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

export const problemSchema = z
  .strictObject({
    /** Where the kind is explained; relative to this server. */
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    /** The request, as logs name it. */
    instance: z.string(),
    /** What was refused, by JSON pointer into the input. */
    errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

export type ProblemDetails = z.infer<typeof problemSchema>;

export interface Problem {
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

export function problemDetails(problem: Problem, requestId: string): ProblemDetails {
  const { status, title } = PROBLEMS[problem.kind];
  return {
    type: `/problems/${problem.kind}`,
    title,
    status,
    detail: problem.detail,
    instance: `urn:request:${requestId}`,
    ...(problem.errors === undefined ? {} : { errors: problem.errors.map((one) => ({ ...one })) }),
  };
}

/** Why an operation answered no value; what stands in the path and is not known is not found. */
export function problemOf(
  answer: Exclude<Answer<unknown>, { kind: 'done' }>,
  inPath: readonly string[],
): Problem {
  switch (answer.kind) {
    case 'refused': {
      const { allowed, field, problem, value } = answer.refusal;
      const known = allowed.length === 0 ? '' : ` (allowed: ${allowed.join(', ')})`;
      const detail = `${field}: ${JSON.stringify(value)} ${problem}`;
      return {
        kind: inPath.includes(field) ? 'not-found' : 'refused',
        detail,
        errors: [{ pointer: pointerOf(field), detail: `${problem}${known}` }],
      };
    }
    case 'forbidden':
      return { kind: 'forbidden', detail: `this needs the right to ${answer.needed}` };
    case 'unreachable':
      return { kind: 'unreachable', detail: answer.message };
    case 'timed_out':
    case 'interrupted':
      return { kind: 'timed-out', detail: answer.message };
    case 'in_progress':
      return { kind: 'in-progress', detail: answer.message };
    case 'failed':
      return { kind: 'failed', detail: answer.message };
  }
}

/** RFC 6901: `a.b` as `/a/b`. */
function pointerOf(field: string): string {
  if (field === '') return '';
  return `/${field.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('.', '/')}`;
}
