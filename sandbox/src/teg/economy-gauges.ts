// Gauges of what is staked and of A2A tokens, read from the ledger at each scrape.
import { Gauge, type Registry } from 'prom-client';
import { amountForMetric } from '../money.js';
import { A2A_STATES } from '../names.js';
import { countTokens } from './a2a-rows.js';
import { readStakingTotals, type StakingTotals } from './stake-reads.js';
import type { TegCore } from './teg-core.js';

/** While the database is away they show nothing rather than what was. */
export function addEconomyGauges(registry: Registry, core: TegCore): void {
  const { maxLockMs } = core.topology.staking;
  const staking = (name: string, help: string, read: (totals: StakingTotals) => number) =>
    addGauge({ registry, core, name, help }, async (gauge) => {
      const totals = await readStakingTotals(core.pool, core.clock.nowMs(), maxLockMs);
      gauge.set(read(totals));
    });
  staking('teg_staking_total_value_locked', 'AVT in stake accounts', (totals) =>
    amountForMetric(totals.totalValueLocked),
  );
  staking('teg_staking_stakers', 'Agents that have something staked', ({ stakers }) => stakers);
  staking('teg_staking_voting_power', 'veToken of all stakes', (totals) =>
    amountForMetric(totals.votingPower),
  );
  const a2a = (name: string, help: string, field: 'tokens' | 'amount') =>
    addGauge({ registry, core, name, help, labelNames: ['state'] }, async (gauge) => {
      for (const { state, tokens, amount } of await countTokens(core.pool)) {
        gauge.set({ state }, field === 'tokens' ? tokens : amountForMetric(amount));
      }
    });
  a2a('teg_a2a_tokens', `A2A tokens by state: ${A2A_STATES.join(', ')}`, 'tokens');
  a2a('teg_a2a_amount', 'AVT of A2A tokens by state; offered and accepted lie in escrow', 'amount');
}

interface GaugeOptions {
  readonly registry: Registry;
  readonly core: TegCore;
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
}

function addGauge(options: GaugeOptions, read: (gauge: Gauge) => Promise<void>): void {
  const { registry, core, name, help, labelNames = [] } = options;
  const gauge: Gauge = new Gauge({
    ...{ name, help, labelNames: [...labelNames], registers: [registry] },
    collect: async () => {
      try {
        await read(gauge);
      } catch (error) {
        core.logger.debug({ err: error, gauge: name }, 'a gauge cannot be read');
        // No value at all: reset() would leave a zero, which is a statement.
        gauge.remove();
        for (const state of labelNames.length > 0 ? A2A_STATES : []) gauge.remove({ state });
      }
    },
  });
}
