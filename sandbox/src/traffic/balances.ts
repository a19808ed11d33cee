// What traffic believes its agents have: estimated after each payment, corrected by asking.
import { z } from 'zod';
import { feeOf, parseAmount } from '../money.js';
import type { JsonAnswer } from '../registry/json-call.js';
import type { Doors } from './doors.js';
import type { PlannedTransfer } from './transfer-mix.js';

export interface Balances {
  /** Base units. */
  of(agentId: string): bigint;
  paid(transfer: PlannedTransfer): void;
  /** The TEG says that it cannot pay. */
  ranDry(agentId: string): void;
  /** Asks the TEG for the balance of the agent whose turn it is. */
  refreshNext(): Promise<void>;
}

export interface BalancesDeps {
  readonly agents: readonly string[];
  readonly doors: Pick<Doors, 'balance'>;
  readonly feeBasisPoints: number;
  /** What is believed of an agent until it has been asked for. */
  readonly initial: bigint;
}

const balanceAnswer = z.object({ available: z.string() });

export function createBalances(deps: BalancesDeps): Balances {
  const known = new Map<string, bigint>();
  const of = (agentId: string) => known.get(agentId) ?? deps.initial;
  let turn = 0;
  return {
    of,
    paid: ({ sender, receiver, amount }) => {
      known.set(sender, of(sender) - amount - feeOf(amount, deps.feeBasisPoints));
      known.set(receiver, of(receiver) + amount);
    },
    ranDry: (agentId) => {
      known.set(agentId, 0n);
    },
    refreshNext: async () => {
      const agentId = deps.agents[turn % deps.agents.length];
      turn += 1;
      if (agentId === undefined) return;
      const available = availableIn(await deps.doors.balance(agentId));
      if (available !== undefined) known.set(agentId, available);
    },
  };
}

/** The balance that a TEG answered; undefined when it answered something else or nothing. */
export function availableIn(answer: JsonAnswer): bigint | undefined {
  const body = balanceAnswer.safeParse(answer.kind === 'answer' ? answer.body : undefined);
  if (!body.success) return undefined;
  // A balance of zero is no amount that could be paid, but it is a balance.
  const parsed = parseAmount(body.data.available);
  return parsed.ok ? parsed.baseUnits : 0n;
}
