// The operation `audit acknowledge`: an operator explains findings. Nothing is erased: the next
// audits say who explained them and report only what is new.
import { z } from 'zod';
import { done, refused } from '../answer.js';
import { operation } from '../operation.js';

const STANDING_MAX = 100_000;

export const acknowledgeFindings = operation({
  name: 'auditAcknowledge',
  summary: 'explain a finding, or all that stand; nothing is erased',
  role: 'admin',
  subject: ({ all, finding }) => (all ? 'all' : (finding ?? '')),
  input: z.strictObject({
    finding: z.string().min(1).max(40).optional(),
    all: z.boolean().default(false),
    reason: z.string('is needed').trim().min(1, 'must say why').max(1_000),
  }),
  output: z.strictObject({ acknowledged: z.array(z.string()), by: z.string() }),
  async run({ clock, supply }, { all, finding, reason }, { actor }) {
    const by = actor.name;
    if (all === (finding !== undefined)) {
      return refused('finding', finding ?? 'nothing', 'name one finding, or ask for --all');
    }
    const standing = await supply.findings({ standing: true, limit: STANDING_MAX });
    const open = standing.filter((one) => one.acknowledged === undefined).map(({ id }) => id);
    if (finding !== undefined && !open.includes(finding)) {
      return refused('finding', finding, 'is not a finding that waits for an explanation', open);
    }
    const ids = finding === undefined ? open : [finding];
    const acknowledged = await supply.acknowledge(ids, { by, atMs: clock.nowMs(), reason });
    return done({ acknowledged: [...acknowledged], by });
  },
});
