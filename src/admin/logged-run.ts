// Runs what does more than read: first the log of actions says that it begins, at the end how it
// ended. Under one idempotency key it is done once, and repeated it answers what it answered.
import type { z } from 'zod';
import { sha256Hex } from '../adapters/sha256.js';
import { StoreUnavailableError } from '../adapters/store-unavailable-error.js';
import type { KeyClaim, NewAction } from '../domain/action.js';
import type { AdminDependencies } from './admin-dependencies.js';
import { type Answer, refused, storedAnswerSchema } from './answer.js';
import { digestOfInput, isDigestOf } from './input-digest.js';
import type { Context, Operation } from './operation.js';

const KEY_LENGTH_MAX = 200;
const REQUEST_ID_LENGTH = 24;

/** Throws `StoreUnavailableError` before anything is done, and what the operation itself throws. */
export async function runLogged<I extends z.ZodType, O extends z.ZodType>(
  called: Operation<I, O>,
  deps: AdminDependencies,
  input: z.output<I>,
  context: Context,
  answerOfError: (error: unknown) => Answer<never> | undefined,
): Promise<Answer<z.output<O>>> {
  const { idempotencyKey: key } = context;
  if (key !== undefined && (key === '' || key.length > KEY_LENGTH_MAX)) {
    return refused('idempotencyKey', key, `must have 1 to ${KEY_LENGTH_MAX} characters`);
  }
  const action = actionOf(called, deps, input, context);
  const begun = await deps.actions.begin(action, digestOfInput(input));
  if (begun.kind === 'repeated') return answerAgain(called, begun.claim, input);
  const requestId = key === undefined ? undefined : requestIdOf(action, begun.claimedAtMs);
  const end = (answer: Answer<unknown>) =>
    endAction({ called, deps, context }, begun.actionId, answer);
  try {
    const named = requestId === undefined ? context : { ...context, requestId };
    const answer = await called.run(deps, input, named);
    await end(answer);
    return answer;
  } catch (error) {
    await end(answerOfError(error) ?? { kind: 'failed', message: `a defect: ${String(error)}` });
    throw error;
  }
}

function actionOf<I extends z.ZodType>(
  called: Operation<I>,
  { clock }: AdminDependencies,
  input: z.output<I>,
  { actor, idempotencyKey }: Context,
): NewAction {
  return {
    atMs: clock.nowMs(),
    actor: actor.name,
    face: actor.face,
    operation: called.name,
    subject: called.subject?.(input) ?? '',
    input: withoutSecrets(input, called.secrets),
    idempotencyKey,
  };
}

/** Names one request for ever: a key that is used again after its life names another. */
function requestIdOf(action: NewAction, claimedAtMs: number): string {
  const { actor, idempotencyKey, operation } = action;
  const named = JSON.stringify([actor, operation, idempotencyKey, claimedAtMs]);
  return sha256Hex(named).slice(0, REQUEST_ID_LENGTH);
}

function answerAgain<O extends z.ZodType>(
  { output }: Operation<z.ZodType, O>,
  { action, inputDigest }: KeyClaim,
  input: unknown,
): Answer<z.output<O>> {
  if (!isDigestOf(inputDigest, input)) {
    const first = new Date(action.atMs).toISOString();
    const problem = `was used at ${first} with another input; take a new key for a new request`;
    return refused('idempotencyKey', action.idempotencyKey ?? '', problem);
  }
  if (action.end === undefined) {
    const since = new Date(action.atMs).toISOString();
    const message =
      `this request was begun at ${since} as action ${action.actionId} and has not ended; ` +
      'if it was cut off, look what it did before it is made again under a new key';
    return { kind: 'in_progress', message };
  }
  const answer = storedAnswerSchema.parse(action.end.answer);
  return answer.kind === 'done' ? { kind: 'done', value: output.parse(answer.value) } : answer;
}

interface Ending {
  readonly called: Operation;
  readonly deps: AdminDependencies;
  readonly context: Context;
}

/** What was done is answered, though its end cannot be logged: the log then shows none. */
async function endAction(
  { called, context, deps }: Ending,
  actionId: number,
  answer: Answer<unknown>,
): Promise<void> {
  const kept = withoutSecrets(answer, called.secrets);
  try {
    const atMs = deps.clock.nowMs();
    await deps.actions.end(actionId, { atMs, outcome: answer.kind, answer: kept });
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    context.onProgress(`how action ${actionId} ended is not logged: ${error.message}`);
  }
}

/** The value as JSON has it, with what must not be kept replaced. */
function withoutSecrets(value: unknown, secrets: readonly string[] = []): unknown {
  const text = JSON.stringify(value, (key, part: unknown) =>
    secrets.includes(key) && part !== undefined ? '***' : part,
  );
  const kept: unknown = JSON.parse(text);
  return kept;
}
