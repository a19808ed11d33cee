// Which results are meant: the filters of lists and exports, each with an index behind it.
import { z } from 'zod';
import { BACKENDS } from '../../domain/backend.js';
import { OUTCOMES } from '../../domain/verdict.js';
import type { ResultQuery } from '../../ports.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { type Answer, done } from '../answer.js';
import { pathById } from './choose-path.js';
import { momentInput } from './window-input.js';

const flag = z.union(
  [z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')],
  'must be true or false',
);

export const resultFilterInput = {
  path: z.string().optional(),
  backend: z.enum(BACKENDS).optional(),
  outcome: z.enum(OUTCOMES).optional(),
  /** Whether nothing spoils it. */
  clean: flag.optional(),
  /** Decided then or later. */
  since: momentInput.optional(),
  /** Decided before. */
  until: momentInput.optional(),
};

const filterSchema = z.object(resultFilterInput);

export type ResultFilter = z.output<typeof filterSchema>;

/** The filter as the store takes it; a path that is none is refused. */
export function chooseResults(
  { config }: AdminDependencies,
  filter: ResultFilter,
): Answer<Omit<ResultQuery, 'limit' | 'after'>> {
  const { backend, clean, outcome, path, since, until } = filter;
  if (path !== undefined) {
    const known = pathById(config.paths, path);
    if (known.kind !== 'done') return known;
  }
  return done({
    ...(path === undefined ? {} : { pathId: path }),
    ...(backend === undefined ? {} : { backend }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(clean === undefined ? {} : { clean }),
    ...(since === undefined ? {} : { sinceMs: since }),
    ...(until === undefined ? {} : { untilMs: until }),
  });
}
