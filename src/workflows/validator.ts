// A validator: one long heartbeating activity after another, for one event type in one frame.
import { continueAsNew, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { ValidateActivities, ValidatorInput } from '../activities/validate-events.js';

/** Rotations kept in one history before it continues as new; ten events or so each. */
const ROTATIONS_PER_RUN = 100;

const { validateEvents } = proxyActivities<ValidateActivities>({
  // Rotation ends an activity long before; this bound only catches one that cannot end.
  startToCloseTimeout: '2 hours',
  // Heartbeats leave at 0.8 of this at the latest, so a killed worker is noticed in 3 seconds.
  heartbeatTimeout: '3 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 1, maximumInterval: '1 second' },
  summary: 'follow the events',
});

/** Runs for ever. The watermark travels in heartbeats, return values and continue-as-new. */
export async function validator(input: ValidatorInput): Promise<never> {
  let { watermark } = input;
  for (let rotation = 0; rotation < ROTATIONS_PER_RUN; rotation += 1) {
    setCurrentDetails(
      `Rotation ${rotation + 1}, from ${watermark?.place ?? 'one final deadline back'} on`,
    );
    watermark = await validateEvents({ ...input, watermark });
  }
  return continueAsNew<typeof validator>({ ...input, watermark });
}
