// The evidence of one frame: one long heartbeating activity after another that compares its feeds.
import { continueAsNew, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { CompareActivities, CompareInput } from '../activities/compare-feeds.js';

/** Rotations kept in one history before it continues as new; ten events or so each. */
const ROTATIONS_PER_RUN = 100;

const { compareFeeds } = proxyActivities<CompareActivities>({
  // Rotation ends an activity long before; this bound only catches one that cannot end.
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '3 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 1, maximumInterval: '1 second' },
  summary: 'hold the two feeds against each other',
});

/** Runs until the configuration has no evidence feed for the frame any more. */
export async function evidence(input: CompareInput): Promise<void> {
  let { places } = input;
  for (let rotation = 0; rotation < ROTATIONS_PER_RUN; rotation += 1) {
    setCurrentDetails(`Rotation ${rotation + 1}, from ${JSON.stringify(places ?? 'now')} on`);
    const compared = await compareFeeds({ ...input, places });
    if (compared.kind === 'off') return;
    places = compared.places;
  }
  return continueAsNew<typeof evidence>({ ...input, places });
}
