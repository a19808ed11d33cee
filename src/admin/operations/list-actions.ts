// The operation `actions`: what operators did, the newest first.
import { z } from 'zod';
import type { StoredAction } from '../../domain/action.js';
import { FACES } from '../actor.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import { timeSchema, utc } from '../views/time.js';
import { cursorInput, pageLimit, pageOf, readCursor } from './cursor.js';

const actionSchema = z.strictObject({
  action: z.int(),
  at: timeSchema,
  actor: z.string(),
  face: z.enum(FACES),
  operation: z.string(),
  subject: z.string(),
  /** As it was taken, with every default filled in and every secret left out. */
  input: z.unknown(),
  idempotencyKey: z.string().optional(),
  /** `begun` until it has ended, and for ever where it was cut off. */
  outcome: z.string(),
  endedAt: timeSchema.optional(),
  /** Present where it was done. */
  answer: z.unknown().optional(),
});

export const listActions = operation({
  name: 'actions',
  summary: 'list what operators did, the newest first',
  role: 'read',
  input: z.strictObject({
    actor: z.string().max(200).optional(),
    operation: z.string().max(100).optional(),
    limit: pageLimit,
    cursor: cursorInput,
  }),
  output: z.strictObject({ actions: z.array(actionSchema), nextCursor: z.string().optional() }),
  async run({ actions }, { actor, cursor, limit, operation: name }) {
    const place = readCursor(z.int(), cursor);
    if (place.kind !== 'done') return place;
    const found = await actions.list({
      limit: limit + 1,
      ...(place.value === undefined ? {} : { below: place.value }),
      ...(actor === undefined ? {} : { actor }),
      ...(name === undefined ? {} : { operation: name }),
    });
    const { nextCursor, shown } = pageOf(found, limit, ({ actionId }) => actionId);
    return done({ actions: shown.map(actionView), nextCursor });
  },
});

const doneSchema = z.object({ kind: z.literal('done'), value: z.unknown() });

function actionView(action: StoredAction): z.infer<typeof actionSchema> {
  const { end } = action;
  const answered = doneSchema.safeParse(end?.answer);
  return {
    action: action.actionId,
    at: utc(action.atMs),
    actor: action.actor,
    face: z.enum(FACES).parse(action.face),
    operation: action.operation,
    subject: action.subject,
    input: action.input,
    idempotencyKey: action.idempotencyKey,
    outcome: end?.outcome ?? 'begun',
    endedAt: end === undefined ? undefined : utc(end.atMs),
    ...(answered.success ? { answer: answered.data.value } : {}),
  };
}
