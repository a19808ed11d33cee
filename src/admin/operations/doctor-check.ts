// One question of the doctor: whom it asks, what is right, and the one thing to do when it is not.
import { z } from 'zod';
import { messageOf } from '../operation.js';

export const checkSchema = z.strictObject({
  check: z.string(),
  subject: z.string(),
  state: z.enum(['ok', 'wrong', 'unreachable']),
  detail: z.string(),
  /** The one thing to do; absent where all is well. */
  advice: z.string().optional(),
});

export type CheckView = z.infer<typeof checkSchema>;

export interface Check {
  readonly check: string;
  readonly subject: string;
  /** What to do when it does not answer. */
  readonly whenAway: string;
  /** Throws when the dependency does not answer. */
  readonly ask: () => Promise<Found>;
}

export type Found =
  | { readonly state: 'ok'; readonly detail: string }
  | { readonly state: 'wrong'; readonly detail: string; readonly advice: string };

/** No dependency may hold the doctor longer. */
const ASK_MS_MAX = 15_000;

export function right(detail: string): Found {
  return { state: 'ok', detail };
}

export function wrong(detail: string, advice: string): Found {
  return { state: 'wrong', detail, advice };
}

/** Asks once; whatever is thrown, or takes longer than fifteen seconds, is `unreachable`. */
export async function examineCheck(check: Check): Promise<CheckView> {
  const { subject, whenAway } = check;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${ASK_MS_MAX / 1_000} s`)),
      ASK_MS_MAX,
    );
  });
  try {
    return { check: check.check, subject, ...(await Promise.race([check.ask(), tooLate])) };
  } catch (error) {
    const detail = messageOf(error);
    return { check: check.check, subject, state: 'unreachable', detail, advice: whenAway };
  } finally {
    clearTimeout(timer);
  }
}
