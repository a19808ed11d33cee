// The `types=T1,T2` parameter of polls and streams.
import { z } from 'zod';

const MAX_TYPES = 50;

/** A comma-separated list of event types; one that nobody emits just matches nothing. */
export const typesParam = z
  .string()
  .transform((list) => list.split(','))
  .pipe(z.array(z.string().regex(/^\w+$/)).max(MAX_TYPES));
