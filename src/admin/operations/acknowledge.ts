// The operations `acknowledge` and `attention`: a failure stays open until somebody has seen it.
import { z } from 'zod';
import { attentionOf } from '../../domain/attention.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { type Answer, done, refused } from '../answer.js';
import { operation } from '../operation.js';
import { attentionSchema, attentionView } from '../views/attention-view.js';
import { pathById } from './choose-path.js';
import { reasonInput } from './window-input.js';

export const acknowledge = operation({
  name: 'acknowledge',
  summary: 'say that a failure was seen, and why it is so; nothing is erased',
  role: 'operate',
  subject: ({ path, testId }) => testId ?? path ?? '',
  input: z.strictObject({
    testId: z.string().min(1).max(200).optional(),
    /** Instead of a test: every open failure of a path, and what goes on failing alike. */
    path: z.string().optional(),
    reason: reasonInput,
  }),
  output: z.strictObject({ acknowledged: z.int(), by: z.string() }),
  async run(deps, { path, reason, testId }, { actor }) {
    const which = chooseFailures(deps, path, testId);
    if (which.kind !== 'done') return which;
    const word = { by: actor.name, atMs: deps.clock.nowMs(), reason };
    const tests = await deps.results.acknowledge(which.value, word);
    if (tests.length > 0) return done({ acknowledged: tests.length, by: actor.name });
    if (testId === undefined) return refused('path', path ?? '', 'has no failure that is open');
    const result = await deps.results.result(testId);
    if (result === undefined) return refused('testId', testId, 'has no result');
    const { acknowledgement } = result;
    if (acknowledgement === undefined) return refused('testId', testId, 'has nothing to explain');
    const { by, reason: said } = acknowledgement;
    return refused('testId', testId, `was acknowledged by ${by}: ${said}`);
  },
});

function chooseFailures({ config }: AdminDependencies, path?: string, testId?: string) {
  if ((path === undefined) === (testId === undefined)) {
    return refused('testId', testId ?? 'nothing', 'name one test, or a path');
  }
  if (testId !== undefined) return done({ testId });
  const known: Answer<{ readonly id: string }> = pathById(config.paths, path ?? '');
  return known.kind === 'done' ? done({ pathId: known.value.id }) : known;
}

export const listAttention = operation({
  name: 'attention',
  summary: 'list what fails, and what failed and nobody has seen; worst and oldest first',
  role: 'read',
  input: z.strictObject({}),
  output: z.strictObject({ attention: z.array(attentionSchema) }),
  async run({ config, results }) {
    const troubles = await results.troubles(config.paths.map(({ id }) => id));
    return done({ attention: attentionOf(config.paths, troubles).map(attentionView) });
  },
});
