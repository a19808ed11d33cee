// What users do at registries beside paying: one step of one activity a turn, and at each
// registry one at a time, so that a step acts on what it has just seen.
import type { ServiceContext } from '../service/context.js';
import { registryIds, userAgentIds } from '../topology.js';
import type { ActionCounter } from './action-metrics.js';
import type { Activity, Site } from './activity.js';
import { takePartInDisputes } from './dispute-activity.js';
import type { Doors } from './doors.js';
import { takePartInGovernance } from './governance-activity.js';
import { takePartAsGuest } from './guest-activity.js';
import { askOpa } from './opa-activity.js';
import { pickOne, pickWeighted } from './pick.js';

export interface RegistryTraffic {
  /** Takes one step; resolves when it is answered or given up. */
  actOnce(): Promise<void>;
}

interface WeightedActivity {
  readonly weight: number;
  readonly run: Activity;
  readonly needsOpa?: boolean;
}

const ACTIVITIES: readonly WeightedActivity[] = [
  { weight: 5, run: takePartInGovernance },
  { weight: 3, run: takePartInDisputes },
  { weight: 2, run: takePartAsGuest },
  { weight: 2, run: askOpa, needsOpa: true },
];

export function createRegistryTraffic(
  context: Pick<ServiceContext, 'topology' | 'random' | 'logger'>,
  doors: Doors,
  count: ActionCounter,
): RegistryTraffic {
  const { topology, random, logger } = context;
  const activities = ACTIVITIES.filter(({ needsOpa }) => topology.opaEnabled || !needsOpa);
  const sites: readonly Site[] = registryIds(topology).map((registryId) => ({
    ...{ registryId, doors, random, logger },
    users: userAgentIds(topology, registryId),
  }));
  const busy = new Set<Site>();
  return {
    actOnce: async () => {
      const site = pickOne(
        random,
        sites.filter((one) => !busy.has(one)),
      );
      const activity = pickWeighted(random, activities);
      if (site === undefined || activity === undefined) return count('look', 'skipped');
      busy.add(site);
      try {
        const { action, result } = await activity.run(site);
        count(action, result);
      } finally {
        busy.delete(site);
      }
    },
  };
}
