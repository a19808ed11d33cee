// What an operation answers, whichever face asked: the value, or why there is none. No face words.
import { z } from 'zod';
import { ROLES, type Role } from '../domain/role.js';

/** An input refused before anything was done: which field, what it held, what it may hold. */
export interface Refusal {
  readonly field: string;
  readonly value: string;
  readonly problem: string;
  /** The values that would have been taken; empty where they are no list. */
  readonly allowed: readonly string[];
}

export type Answer<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Who asked may not; nothing was done. */
  | { readonly kind: 'forbidden'; readonly actor: string; readonly needed: Role }
  /** What was asked for was begun and did not end well; the message says what is known. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The wait ended first; what was started goes on. */
  | { readonly kind: 'timed_out'; readonly message: string }
  | { readonly kind: 'interrupted'; readonly message: string }
  /** The same request, by its key, was begun before and has not ended: nothing was done again. */
  | { readonly kind: 'in_progress'; readonly message: string }
  /** A dependency did not answer; nothing can be said. */
  | { readonly kind: 'unreachable'; readonly dependency: string; readonly message: string };

export type Refused = Extract<Answer<never>, { readonly kind: 'refused' }>;

export function done<T>(value: T): Answer<T> {
  return { kind: 'done', value };
}

export function refused(
  field: string,
  value: string,
  problem: string,
  allowed: readonly string[] = [],
): Refused {
  return { kind: 'refused', refusal: { field, value, problem, allowed } };
}

/** `path: "A9" is not a path of the matrix (allowed: ...)`, for people. */
export function describeRefusal({ field, value, problem, allowed }: Refusal): string {
  const list = allowed.length === 0 ? '' : `\nallowed: ${allowed.join(', ')}`;
  return `${field}: ${JSON.stringify(value)} ${problem}${list}`;
}

const refusalSchema = z.object({
  field: z.string(),
  value: z.string(),
  problem: z.string(),
  allowed: z.array(z.string()),
});
const told = <const Kind extends string>(kind: Kind) =>
  z.object({ kind: z.literal(kind), message: z.string() });

/** An answer with its value unread, as the log of actions keeps it. */
export const storedAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), value: z.unknown() }),
  z.object({ kind: z.literal('refused'), refusal: refusalSchema }),
  z.object({ kind: z.literal('forbidden'), actor: z.string(), needed: z.enum(ROLES) }),
  z.object({ kind: z.literal('unreachable'), dependency: z.string(), message: z.string() }),
  told('failed'),
  told('timed_out'),
  told('interrupted'),
  told('in_progress'),
]);
