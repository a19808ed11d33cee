// What the activities of a registry's users have in common: a place to act at, and what was done.
import type { JsonAnswer } from '../registry/json-call.js';
import type { Logger } from '../service/logger.js';
import { type Action, type Result, resultOf } from './action-metrics.js';
import type { Doors } from './doors.js';
import type { Random } from './pick.js';

/** One registry as its users see it. */
export interface Site {
  readonly registryId: string;
  readonly users: readonly string[];
  readonly doors: Doors;
  readonly random: Random;
  readonly logger: Logger;
}

export interface Done {
  readonly action: Action;
  readonly result: Result;
}

/** Looks at how things stand there and takes the next step. */
export type Activity = (site: Site) => Promise<Done>;

export function done(action: Action, answer: JsonAnswer): Done {
  return { action, result: resultOf(answer) };
}

/** There was nothing to do. */
export function nothingToDo(action: Action): Done {
  return { action, result: 'skipped' };
}
