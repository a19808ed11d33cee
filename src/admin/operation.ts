// An operation of the reactor as every face offers it: what it takes, what it answers, who may ask.
import type { z } from 'zod';
import { IssuerUnavailableError } from '../adapters/oidc-issuer.js';
import { PlatformUnavailableError } from '../adapters/platform-unavailable-error.js';
import { StoreUnavailableError } from '../adapters/store-unavailable-error.js';
import { UpstreamUnavailableError } from '../adapters/upstream-unavailable-error.js';
import type { PathId } from '../domain/path.js';
import { mayRun, type Role } from '../domain/role.js';
import type { Actor } from './actor.js';
import {
  type AdminDependencies,
  CycleFailedError,
  TemporalUnavailableError,
} from './admin-dependencies.js';
import { type Answer, type Refused, refused } from './answer.js';
import { runLogged } from './logged-run.js';

/** How a face listens while an operation runs, and how it ends the wait. */
export interface Context {
  readonly actor: Actor;
  /** The caller's name for this one request: repeated, it answers again and does nothing again. */
  readonly idempotencyKey?: string;
  /** The same in every run of one request under its key; set by `invoke`. */
  readonly requestId?: string;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
  /** Hears of a cycle as soon as it is started, however the wait for it ends. */
  readonly onStarted?: (cycle: StartedCycle) => void;
}

export interface StartedCycle {
  readonly cycleId: string;
  /** Empty: all paths. */
  readonly pathIds: readonly PathId[];
}

export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly role: Role;
  /** What an input needs beyond `role`, where that depends on the input. */
  readonly roleFor?: (input: z.output<I>) => Role;
  /** It changes nothing though not everybody may read it: no key names it, no log holds it. */
  readonly readsOnly?: true;
  /** What an input acts upon, such as a path, for the log of actions. */
  readonly subject?: (input: z.output<I>) => string;
  /** The fields of input and answer, at any depth, that the log of actions must not hold. */
  readonly secrets?: readonly string[];
  /** What faces pass in, as text or typed; every refusal names a field of it. */
  readonly input: I;
  /** The answer as JSON: times in UTC, amounts in AVT; a key that is absent is not known. */
  readonly output: O;
  run(deps: AdminDependencies, input: z.output<I>, context: Context): Promise<Answer<z.output<O>>>;
}

/** Whether it may do more than read, so that a request may be named by an idempotency key. */
export function mayAct<I extends z.ZodType>(called: Operation<I>): boolean {
  const { readsOnly, role, roleFor } = called;
  return readsOnly !== true && (role !== 'read' || roleFor !== undefined);
}

/** Gives an operation the types of its schemas. */
export function operation<I extends z.ZodType, O extends z.ZodType>(
  definition: Operation<I, O>,
): Operation<I, O> {
  return definition;
}

/**
 * Checks the right and the input, and runs the operation; whatever is away becomes an answer as
 * well. What does more than read is in the log of actions before it begins, whatever the face.
 */
export async function invoke<I extends z.ZodType, O extends z.ZodType>(
  called: Operation<I, O>,
  deps: AdminDependencies,
  input: unknown,
  context: Context,
): Promise<Answer<z.output<O>>> {
  const { name, role } = context.actor;
  if (!mayRun(role, called.role)) return { kind: 'forbidden', actor: name, needed: called.role };
  const parsed = called.input.safeParse(input);
  if (!parsed.success) return refusalOf(parsed.error, input);
  const needed = called.roleFor?.(parsed.data) ?? called.role;
  if (!mayRun(role, needed)) return { kind: 'forbidden', actor: name, needed };
  return answerOrAway(() =>
    needed === 'read' || called.readsOnly === true
      ? called.run(deps, parsed.data, context)
      : runLogged(called, deps, parsed.data, context, answerOfError),
  );
}

/** The answer, or which dependency is away; throws every other error. */
export async function answerOrAway<T>(work: () => Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await work();
  } catch (error) {
    const answer = answerOfError(error);
    if (answer === undefined) throw error;
    return answer;
  }
}

function answerOfError(error: unknown): Answer<never> | undefined {
  if (error instanceof CycleFailedError) return { kind: 'failed', message: error.message };
  const dependency = awayDependency(error);
  if (dependency === undefined) return undefined;
  return { kind: 'unreachable', dependency, message: messageOf(error) };
}

/** Which dependency an error says is away; `undefined` for any other error. */
export function awayDependency(error: unknown): string | undefined {
  if (error instanceof IssuerUnavailableError) return 'oidc issuer';
  if (error instanceof TemporalUnavailableError) return 'temporal';
  if (error instanceof StoreUnavailableError) return error.store;
  if (error instanceof PlatformUnavailableError) return `frame ${error.frame}`;
  if (error instanceof UpstreamUnavailableError) return error.upstream;
  return undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The first thing that a schema finds wrong with an input, by its field. */
export function refusalOf(error: z.ZodError, input: unknown): Refused {
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return refused(key, valueAt(input, key), 'is not a field of this operation');
  }
  const field = issue?.path.map(String).join('.') ?? '';
  const allowed = issue?.code === 'invalid_value' ? issue.values.map(String) : [];
  const problem = allowed.length > 0 ? 'is not known' : (issue?.message ?? 'is not usable');
  return refused(field, valueAt(input, field), problem, allowed);
}

function valueAt(input: unknown, field: string): string {
  if (typeof input !== 'object' || input === null) return String(input);
  const value = Object.entries(input).find(([key]) => key === field)?.[1];
  return value === undefined ? 'nothing' : String(value);
}
