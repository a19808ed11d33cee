// The operation `cycle`: fires every path once, by hand, and waits for the scoreboard.
import { z } from 'zod';
import { cycleWorkflowId } from '../../names.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import { scoreboardSchema, scoreboardView } from '../views/scoreboard-view.js';
import { awaitScoreboard, startHandCycle } from './hand-cycle.js';
import { defaultTimeoutMs, waitInput } from './wait-input.js';

export const startCycle = operation({
  name: 'cycle',
  summary: 'fire every path once, by hand, and show the scoreboard',
  role: 'operate',
  subject: () => 'all',
  input: z.strictObject(waitInput),
  output: z.strictObject({
    cycleId: z.string(),
    workflowId: z.string(),
    /** Absent where nobody waited for it. */
    scoreboard: scoreboardSchema.optional(),
  }),
  async run(deps, input, context) {
    const cycleId = await startHandCycle(deps, { pathIds: [] }, context);
    const started = { cycleId, workflowId: cycleWorkflowId(cycleId) };
    if (!input.wait) return done(started);
    const wait = {
      cycleId,
      planned: deps.config.paths.length,
      timeoutMs: input.timeout ?? defaultTimeoutMs(deps.config),
    };
    const waited = await awaitScoreboard(deps, wait, context);
    if (waited.kind !== 'done') return waited;
    return done({ ...started, scoreboard: scoreboardView(waited.value) });
  },
});
