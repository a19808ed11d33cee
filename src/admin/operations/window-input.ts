// The inputs of pauses and maintenance windows: which paths, until when, and why.
import { z } from 'zod';
import { parseDuration } from '../../config-schema.js';
import type { Path, PathId } from '../../domain/path.js';
import { WINDOW_MS_MAX } from '../../domain/window.js';
import { type Answer, done, refused } from '../answer.js';
import { pathById } from './choose-path.js';

export const scopeInput = {
  path: z.string().optional(),
  all: z.boolean().default(false),
};

export const reasonInput = z
  .string('is needed')
  .trim()
  .min(1, 'must say why')
  .max(1_000, 'must have at most 1000 characters');

export const momentInput = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-11-23T18:30:00Z' })
  .transform((text) => Date.parse(text));

export const untilInput = {
  until: momentInput.optional(),
  for: z
    .string()
    .refine((text) => (parseDuration(text) ?? 0) > 0, 'must be a duration such as 30m, 8h or 2d')
    .transform((text) => parseDuration(text))
    .optional(),
};

export interface Scope {
  readonly path?: string | undefined;
  readonly all: boolean;
}

/** A path of the matrix, or `undefined` for every path; one of both must be asked for. */
export function chooseScope(
  paths: readonly Path[],
  { all, path }: Scope,
): Answer<PathId | undefined> {
  if (all === (path !== undefined)) {
    return refused('path', path ?? 'nothing', 'name one path, or ask for all');
  }
  if (path === undefined) return done(undefined);
  const known = pathById(paths, path);
  return known.kind === 'done' ? done(known.value.id) : known;
}

/** The scope for the log of actions. */
export function subjectOf({ all, path }: Scope): string {
  return all ? 'all' : (path ?? '');
}

/** The end of a window that begins at a moment: in the future, and within thirty days. */
export function chooseUntil(
  input: { readonly until?: number | undefined; readonly for?: number | undefined },
  fromMs: number,
  nowMs: number,
): Answer<number> {
  const { for: lastsMs, until } = input;
  if ((until === undefined) === (lastsMs === undefined)) {
    return refused('until', 'nothing', 'needs either a moment (until) or a duration (for)');
  }
  const untilMs = until ?? fromMs + (lastsMs ?? 0);
  const field = until === undefined ? 'for' : 'until';
  const value = new Date(untilMs).toISOString();
  if (untilMs <= Math.max(fromMs, nowMs)) return refused(field, value, 'must lie in the future');
  if (untilMs - Math.max(fromMs, nowMs) > WINDOW_MS_MAX) {
    return refused(field, value, 'must lie within thirty days');
  }
  return done(untilMs);
}
