// Users who pay each other: one transfer a turn, over the backends by weight.
import { parseAmount } from '../money.js';
import { errorCodeOf } from '../registry/json-call.js';
import type { ServiceContext } from '../service/context.js';
import { registryIds, userAgentIds } from '../topology.js';
import { type Action, type ActionCounter, resultOf } from './action-metrics.js';
import { type Balances, createBalances } from './balances.js';
import type { Doors } from './doors.js';
import { planTransfer } from './transfer-mix.js';

export interface TransferTraffic {
  /** Makes one transfer; resolves when it is answered or given up. */
  payOnce(): Promise<void>;
  refreshBalance: Balances['refreshNext'];
}

const ACTION_OF = {
  intra: 'transfer_intra',
  async: 'transfer_async',
  '2pc': 'transfer_2pc',
} as const satisfies Record<string, Action>;

export function createTransferTraffic(
  { topology, random }: Pick<ServiceContext, 'topology' | 'random'>,
  doors: Doors,
  count: ActionCounter,
): TransferTraffic {
  const groups = registryIds(topology).map((registryId) => ({
    registryId,
    agents: userAgentIds(topology, registryId),
  }));
  const float = parseAmount(topology.userFloat);
  const balances = createBalances({
    agents: groups.flatMap(({ agents }) => agents),
    doors,
    feeBasisPoints: topology.feeBasisPoints,
    initial: float.ok ? float.baseUnits : 0n,
  });
  return {
    refreshBalance: balances.refreshNext,
    payOnce: async () => {
      const transfer = planTransfer(random, groups, balances.of);
      if (transfer === undefined) return count('transfer', 'skipped');
      const answer = await doors.pay(transfer);
      const result = resultOf(answer);
      count(ACTION_OF[transfer.backend], result);
      if (result === 'ok') balances.paid(transfer);
      if (errorCodeOf(answer) === 'insufficient_funds') balances.ranDry(transfer.sender);
    },
  };
}
