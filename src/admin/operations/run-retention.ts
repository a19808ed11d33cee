// The operation `retention run`: deletes what has outlived its retention, as its schedule does.
import { z } from 'zod';
import { done } from '../answer.js';
import { operation } from '../operation.js';

export const runRetention = operation({
  name: 'retentionRun',
  summary: 'delete what has outlived its retention, as the schedule does',
  role: 'admin',
  input: z.strictObject({}),
  output: z.strictObject({ results: z.int(), cycles: z.int() }),
  async run({ clock, config, retention }, _input, { onProgress }) {
    // It comes with Temporal's libraries, which take long to load and which others do not need.
    const { pruneOld } = await import('../../activities/prune-results.js');
    const { failed, passed, unacknowledged } = config.retention;
    const settings = { passedMs: passed, failedMs: failed, unacknowledgedMs: unacknowledged };
    const pruned = await pruneOld({ clock, retention, settings }, (deleted) =>
      onProgress(`${deleted} results deleted`),
    );
    return done({ ...pruned });
  },
});
