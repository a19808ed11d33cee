// One pruning of what has outlived its retention; the result says how much that was.
import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { Pruned, RetentionActivities } from '../activities/prune-results.js';

const { pruneOld } = proxyActivities<RetentionActivities>({
  // A first pruning may have years to go through; heartbeats tell a dead worker long before.
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '2 minutes',
  // Every batch that is deleted stays so, and the next attempt finds less to do.
  retry: { initialInterval: '10 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  summary: 'delete what has outlived its retention, in batches',
});

export async function retention(): Promise<Pruned> {
  const pruned = await pruneOld();
  setCurrentDetails(`${pruned.results} results and ${pruned.cycles} cycles deleted`);
  return pruned;
}
