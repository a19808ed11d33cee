// What the users of a registry do beside paying: one step of one activity a turn, and at each
// registry one at a time, so that a step acts on what it has just seen.
import type { ServiceContext } from '../service/context.js';
import { registryIds, userAgentIds } from '../topology.js';
import { takePartInA2a } from './a2a-activity.js';
import type { ActionCounter } from './action-metrics.js';
import type { Activity, Site } from './activity.js';
import { takePartInDisputes } from './dispute-activity.js';
import type { Doors } from './doors.js';
import { takePartInGovernance } from './governance-activity.js';
import { takePartAsGuest } from './guest-activity.js';
import { askOpa } from './opa-activity.js';
import { pickOne, pickWeighted } from './pick.js';
import { takePartInStaking } from './stake-activity.js';

export interface RegistryTraffic {
  /** Takes one step; resolves when it is answered or given up. */
  actOnce(): Promise<void>;
}

export interface WeightedActivity {
  readonly weight: number;
  readonly run: Activity;
  readonly needsOpa?: boolean;
}

/** At the registries themselves. */
export const REGISTRY_ACTIVITIES: readonly WeightedActivity[] = [
  { weight: 5, run: takePartInGovernance },
  { weight: 3, run: takePartInDisputes },
  { weight: 2, run: takePartAsGuest },
  { weight: 2, run: askOpa, needsOpa: true },
];

/** At the TEG: what moves tokens and is no transfer. */
export const ECONOMY_ACTIVITIES: readonly WeightedActivity[] = [
  { weight: 2, run: takePartInStaking },
  { weight: 3, run: takePartInA2a },
];

export function createRegistryTraffic(
  context: Pick<ServiceContext, 'topology' | 'random' | 'logger'>,
  doors: Doors,
  count: ActionCounter,
  choices: readonly WeightedActivity[],
): RegistryTraffic {
  const { topology, random, logger } = context;
  const activities = choices.filter(({ needsOpa }) => topology.opaEnabled || !needsOpa);
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
