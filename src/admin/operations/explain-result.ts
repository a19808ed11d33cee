// The operation `explain`: why a test ended as it did, in sentences, and where to look next.
import { z } from 'zod';
import type { Phase } from '../../domain/verdict.js';
import { done, refused } from '../answer.js';
import { operation } from '../operation.js';
import type { ResultView } from '../views/result-view.js';
import { type TestView, testSchema } from '../views/test-view.js';
import { testById } from './read-result.js';

export const explainResult = operation({
  name: 'explain',
  summary: 'explain in words why a test ended as it did, and where to look next',
  role: 'read',
  input: z.strictObject({ testId: z.string().min(1).max(200) }),
  output: z.strictObject({
    testId: z.string(),
    state: testSchema.shape.state,
    outcome: z.string().optional(),
    phase: z.string().optional(),
    /** What is known, the verdict first. */
    explanation: z.array(z.string()),
    next: z.array(z.string()),
  }),
  async run(deps, { testId }) {
    const test = await testById(deps, testId);
    if (test === undefined) {
      return refused('testId', testId, 'is not a test that anything is stored about');
    }
    const { result, state } = test;
    const { outcome, phase } = result ?? {};
    return done({
      testId,
      state,
      outcome,
      phase,
      explanation: [...explain(test)],
      next: [...nextSteps(test)],
    });
  },
});

/** What a transfer did not get done where it broke in a phase. */
const UNDONE: Readonly<Record<Phase, string>> = {
  fire: 'the platform did not take the transfer',
  debit: 'the sender was not seen to pay',
  initiation: 'the transfer was taken and its way to the other registry did not begin',
  settlement: 'the transfer left the sender and was not seen to reach the receiver',
  observation: 'the platform did its part and our own validators missed it',
};

const VERDICTS: Readonly<Record<ResultView['outcome'], string>> = {
  passed: 'The test passed: every required stamp was committed in time.',
  failed: 'The test failed',
  observer: 'The platform did its part; our own observation lost it, and the path is not to blame.',
  inconclusive: 'Nothing can be said: the stores of the platform could not be asked.',
  unpaid: 'The sender had too little float, so that nothing was tried.',
};

function explain(test: TestView): readonly string[] {
  const { corrections, findings, result } = test;
  if (result === undefined) return [`There is no verdict yet: the test is ${test.state}.`];
  return [
    verdictLine(result),
    ...sentence('The reason stored with it', result.reason),
    ...sentence('Missing for the verdict', result.missing.join(', ')),
    ...sentence('Seen', test.stamps.map(({ frame, stamp }) => `${stamp} at ${frame}`).join(', ')),
    ...sentence('Expected and never came', pairs(result.absent)),
    ...sentence('In the EventStore and seen by no validator', pairs(result.unobserved)),
    ...sentence('EventStores that could not be asked', result.unaskedFrames.join(', ')),
    ...findings.map(({ evidence, kind, subject }) => `Finding ${kind} on ${subject}: ${evidence}`),
    ...corrections.map(({ evidence, kind }) => `Later a ${kind} became known: ${evidence}`),
    ...flags(result),
  ];
}

function verdictLine({ failureSignal, outcome, phase }: ResultView): string {
  if (outcome !== 'failed') return VERDICTS[outcome];
  const signal = failureSignal === undefined ? '' : ` (${failureSignal})`;
  return phase === undefined
    ? `${VERDICTS.failed}${signal}.`
    : `${VERDICTS.failed}${signal} in the phase ${phase}: ${UNDONE[phase]}.`;
}

function sentence(what: string, text: string): readonly string[] {
  return text === '' ? [] : [`${what}: ${text}`];
}

function pairs(list: ResultView['absent']): string {
  return list.map(({ frame, stamp }) => `${stamp} at ${frame}`).join(', ');
}

function flags({ degraded, late, maintenance, warmUp }: ResultView): readonly string[] {
  return [
    ...(late ? ['It was late: completed after its soft deadline.'] : []),
    ...(degraded ? ['It is degraded: an expected stamp never came.'] : []),
    ...(warmUp ? ['It fell into a warm-up and does not page.'] : []),
    ...(maintenance ? ['It fell into a maintenance window.'] : []),
  ];
}

function nextSteps({ result, state, workflowId }: TestView): readonly string[] {
  const workflow = `its history in Temporal: workflow ${workflowId}`;
  if (result === undefined) return [`ask again later; it is ${state}`, workflow];
  const others = `the other tests of ${result.pathId}, by results: is it the path or once`;
  if (result.clean) return [workflow];
  if (result.outcome === 'observer' || result.outcome === 'inconclusive') {
    return ['doctor: is a validator behind, a stream closed or a store away', workflow];
  }
  if (result.outcome === 'unpaid') return [`the float of the sender on ${result.pathId}`, others];
  return [others, 'doctor: does the platform answer', workflow];
}
