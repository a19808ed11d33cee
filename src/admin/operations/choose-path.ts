// Which path of the matrix an input means; what is none is refused before anything is fired.
import { BACKENDS } from '../../domain/backend.js';
import type { Path } from '../../domain/path.js';
import { type Answer, done, refused } from '../answer.js';

/** A path by its id, or by its ends and backend. */
export interface PathChoice {
  readonly path?: string | undefined;
  readonly sender?: string | undefined;
  readonly receiver?: string | undefined;
  readonly backend?: string | undefined;
}

const MISSING = 'is needed where no path id is given';

export function choosePath(paths: readonly Path[], choice: PathChoice): Answer<Path> {
  if (choice.path !== undefined) return pathById(paths, choice.path);
  const { sender, receiver, backend } = choice;
  const allowed = {
    sender: unique(paths.map((path) => path.sender)),
    receiver: unique(paths.map((path) => path.receiver)),
    backend: BACKENDS,
  };
  if (sender === undefined && receiver === undefined && backend === undefined) {
    return refused('path', 'nothing', 'is no path', idsOf(paths));
  }
  for (const field of ['sender', 'receiver', 'backend'] as const) {
    const value = choice[field];
    if (value === undefined) return refused(field, 'nothing', MISSING, allowed[field]);
    const known: readonly string[] = allowed[field];
    if (!known.includes(value)) return refused(field, value, 'is not known', known);
  }
  const fitting = paths.filter((path) => path.sender === sender && path.backend === backend);
  const path = fitting.find((one) => one.receiver === receiver);
  if (path !== undefined) return done(path);
  const problem = `is not reached from ${sender} by ${backend} on any path of the matrix`;
  return refused(
    'receiver',
    receiver ?? '',
    problem,
    fitting.map((one) => one.receiver),
  );
}

/** A path by its id, or a refusal that lists every id. */
export function pathById(paths: readonly Path[], id: string): Answer<Path> {
  const path = paths.find((one) => one.id === id);
  return path === undefined
    ? refused('path', id, 'is not a path of the matrix', idsOf(paths))
    : done(path);
}

function idsOf(paths: readonly Path[]): readonly string[] {
  return paths.map((path) => path.id);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
