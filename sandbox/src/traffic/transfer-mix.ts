// Which transfer comes next: backends by weight, agents, amount and memo at random.
import type { Backend } from '../names.js';
import { pickOne, pickTwo, pickWeighted, type Random } from './pick.js';

export interface PlannedTransfer {
  readonly backend: Backend;
  readonly sender: string;
  readonly receiver: string;
  /** Base units. */
  readonly amount: bigint;
  readonly memo: string;
}

/** A registry and its user agents. */
export interface UserGroup {
  readonly registryId: string;
  readonly agents: readonly string[];
}

/** How often each backend is used, as far as the topology has room for it. */
export const BACKEND_WEIGHTS: Readonly<Record<Backend, number>> = { intra: 6, async: 3, '2pc': 2 };

/** The smallest base unit up to half an AVT. */
export const GREATEST_AMOUNT = 500_000;

const MEMOS = ['', '', 'coffee', 'lunch', 'rent', 'thanks', 'invoice', 'refund of order'] as const;

/** The next transfer, or undefined where no two agents can pay each other. */
export function planTransfer(
  random: Random,
  groups: readonly UserGroup[],
  balanceOf: (agentId: string) => bigint,
): PlannedTransfer | undefined {
  const backend = pickWeighted(random, possibleBackends(groups))?.backend;
  if (backend === undefined) return undefined;
  const pair = backend === 'intra' ? pairInside(random, groups) : pairAcross(random, groups);
  if (pair === undefined) return undefined;
  const [one, other] = pair;
  // The richer of the two pays: so nobody runs dry, and tokens stay in circulation.
  const [sender, receiver] = balanceOf(one) < balanceOf(other) ? [other, one] : [one, other];
  const amount = BigInt(1 + Math.floor(random() * GREATEST_AMOUNT));
  return { backend, sender, receiver, amount, memo: planMemo(random) };
}

function possibleBackends(groups: readonly UserGroup[]) {
  const canPayInside = groups.some(({ agents }) => agents.length > 1);
  const canPayAcross = groups.filter(({ agents }) => agents.length > 0).length > 1;
  return (['intra', 'async', '2pc'] as const)
    .filter((backend) => (backend === 'intra' ? canPayInside : canPayAcross))
    .map((backend) => ({ backend, weight: BACKEND_WEIGHTS[backend] }));
}

function pairInside(random: Random, groups: readonly UserGroup[]) {
  const group = pickOne(
    random,
    groups.filter(({ agents }) => agents.length > 1),
  );
  return group && pickTwo(random, group.agents);
}

function pairAcross(random: Random, groups: readonly UserGroup[]) {
  const registries = pickTwo(
    random,
    groups.filter(({ agents }) => agents.length > 0),
  );
  const [one, other] = (registries ?? []).map(({ agents }) => pickOne(random, agents));
  return one === undefined || other === undefined ? undefined : ([one, other] as const);
}

/** Every fourth or so is empty, as users do. */
function planMemo(random: Random): string {
  const text = pickOne(random, MEMOS) ?? '';
  return text === '' ? '' : `${text} ${Math.floor(random() * 10_000)}`;
}
