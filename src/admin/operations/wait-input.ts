// The inputs of an operation that starts something: whether to wait for its end, and how long.
import { z } from 'zod';
import type { Config } from '../../config.js';
import { parseDuration } from '../../config-schema.js';

/** A cycle without its verdicts is given up this long after its last deadline (close-tests). */
const CLOSE_MARGIN_MS = 180_000;

export const waitInput = {
  wait: z.boolean().default(true),
  timeout: z
    .string()
    .refine((text) => (parseDuration(text) ?? 0) > 0, 'must be a duration such as 60s or 10m')
    .transform((text) => parseDuration(text))
    .optional(),
};

/** Long enough for every cycle that ends by itself. */
export function defaultTimeoutMs(config: Config): number {
  return config.cycle.spread + config.finalDeadlineMaxMs + CLOSE_MARGIN_MS;
}
