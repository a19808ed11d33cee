// The place behind a page, opaque to whoever gets it: what comes in meanwhile moves no page.
import { z } from 'zod';
import { type Answer, done, refused } from '../answer.js';

/** The input field of every operation that answers pages. */
export const cursorInput = z.string().max(500).optional();

/** A page is read at one go; an export gives any number of results, page by page. */
export const PAGE_MAX = 100;

export const pageLimit = z.coerce
  .number('must be a whole number')
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(PAGE_MAX, `must be at most ${PAGE_MAX}`)
  .default(20);

export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place that a cursor names; `undefined` without one. */
export function readCursor<T>(
  schema: z.ZodType<T>,
  cursor: string | undefined,
): Answer<T | undefined> {
  if (cursor === undefined) return done(undefined);
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return done(schema.parse(place));
  } catch {
    return refused('cursor', cursor, 'is no cursor of a page before');
  }
}

/** What fits the page, and the cursor behind it where there is more. */
export function pageOf<T>(
  found: readonly T[],
  limit: number,
  placeOf: (last: T) => unknown,
): { readonly shown: readonly T[]; readonly nextCursor: string | undefined } {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const more = found.length > limit && last !== undefined;
  return { shown, nextCursor: more ? writeCursor(placeOf(last)) : undefined };
}
