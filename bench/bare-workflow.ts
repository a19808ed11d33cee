// The yardstick: a workflow that costs as many history events as a canary test and does nothing.
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  condition,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES } from '../src/names.js';

interface BareActivities {
  nothing(): Promise<void>;
}

const { nothing } = proxyActivities<BareActivities>({ startToCloseTimeout: '20 seconds' });
const { nothing: nothingLocally } = proxyLocalActivities<BareActivities>({
  startToCloseTimeout: '2 seconds',
});
const outcomeKey = defineSearchAttributeKey(SEARCH_ATTRIBUTES.outcome, SearchAttributeType.KEYWORD);
const stampSignal = defineSignal('stamp');

/** An activity, a timer, a signal, a search attribute and a local activity: as `canaryTest`. */
export async function bareWorkflow(): Promise<string> {
  let stamped = false;
  let fired = false;
  setHandler(stampSignal, () => {
    stamped = true;
  });
  void nothing().then(() => {
    fired = true;
  });
  await condition(() => stamped, '60 seconds');
  upsertSearchAttributes([{ key: outcomeKey, value: 'passed' }]);
  await nothingLocally();
  await condition(() => fired);
  return 'passed';
}
