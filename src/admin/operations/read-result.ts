// The operation `result`: everything that is known about one test.
import { z } from 'zod';
import { expectedStamps } from '../../domain/contract.js';
import { frameIds } from '../../domain/frame.js';
import type { TestId } from '../../domain/test.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { done, refused } from '../answer.js';
import { operation } from '../operation.js';
import { type TestView, testSchema, testView } from '../views/test-view.js';

export const readResult = operation({
  name: 'result',
  summary: 'show everything about one test, with its findings and corrections',
  role: 'read',
  input: z.strictObject({ testId: z.string().min(1).max(200) }),
  output: testSchema,
  async run(deps, { testId }) {
    const view = await testById(deps, testId);
    if (view !== undefined) return done(view);
    return refused('testId', testId, 'is not a test that anything is stored about');
  },
});

/** What both stores know about a test; `undefined` when neither knows it. */
export async function testById(
  deps: AdminDependencies,
  testId: TestId,
): Promise<TestView | undefined> {
  const [test, result] = await Promise.all([deps.stamps.test(testId), deps.results.result(testId)]);
  if (test === undefined && result === undefined) return undefined;
  const [stamps, findings, corrections] = await Promise.all([
    deps.stamps.stamps(testId),
    deps.results.findings(testId),
    deps.results.corrections(testId),
  ]);
  const pathId = test?.path.id ?? result?.pathId;
  const path = deps.config.paths.find(({ id }) => id === pathId);
  const expected = path === undefined ? [] : expectedStamps(path, frameIds(deps.config.topology));
  return testView({ testId, test, result, stamps, expected, findings, corrections });
}
