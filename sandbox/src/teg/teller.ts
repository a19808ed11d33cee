// Takes transfer requests: checks them, lets the faults at the door strike, and sends each
// order to its backend.

import { sleep } from '../service/back-off.js';
import { type ActiveFault, type FaultScope, numberParam } from '../service/faults.js';
import { HttpError, unavailable } from '../service/http-error.js';
import type { Coordinator } from './coordinator.js';
import { sendInside } from './inside-transfer.js';
import { orderOf, type TransferRequest } from './order.js';
import { refusal } from './refusals.js';
import type { Saga } from './saga.js';
import { recordStrikes, strikeOn } from './strikes.js';
import type { TegCore } from './teg-core.js';
import { faultScopeOf, type PlacedTransfer, type TransferOrder } from './transfer.js';

export type TellerAnswer =
  | ({ readonly kind: 'placed' } & PlacedTransfer)
  /** The fault hang_transfer: the request is never answered. */
  | { readonly kind: 'hang' };

export interface Teller {
  /** Takes a transfer, exactly once per sender and key. Throws HttpError for every refusal. */
  take(request: TransferRequest): Promise<TellerAnswer>;
}

const MAX_IN_FLIGHT = 256;
const DEFAULT_DELAY_MS = 1_000;

export function createTeller(deps: {
  readonly core: TegCore;
  readonly saga: Saga;
  readonly coordinator: Coordinator;
  /** Delivers an async transfer in the background. */
  readonly deliver: (transferId: string) => void;
  /** Requests worked on at the same time; more are sent away with 429. */
  readonly maxInFlight?: number | undefined;
}): Teller {
  const { maxInFlight = MAX_IN_FLIGHT } = deps;
  let inFlight = 0;
  return {
    take: async (request) => {
      if (inFlight >= maxInFlight) {
        throw refusal('too_many_requests', `${maxInFlight} transfers are in flight already`);
      }
      inFlight += 1;
      try {
        return await take(deps, request);
      } catch (error) {
        if (error instanceof HttpError) deps.core.metrics.refused(error.code);
        throw error;
      } finally {
        inFlight -= 1;
      }
    },
  };
}

type TellerDeps = Parameters<typeof createTeller>[0];

async function take(deps: TellerDeps, request: TransferRequest): Promise<TellerAnswer> {
  const { core } = deps;
  const order = await orderOf(core, request);
  const scope = faultScopeOf(core.frame, order);
  const struck = (fault: ActiveFault | undefined) => noteStrike(core, fault, order);
  if (await struck(core.faults.hit('unavailable', scope))) {
    throw unavailable('a fault makes the TEG unavailable');
  }
  if (await struck(core.faults.hit('refuse_transfer', scope))) {
    throw refusal('refused', 'a fault refuses the transfer');
  }
  if (await struck(hangs(core, scope, 'before'))) return { kind: 'hang' };
  const slow = await struck(core.faults.hit('slow_transfer', scope));
  if (slow) await sleep(numberParam(slow, 'delay_ms', DEFAULT_DELAY_MS));
  const placed = await send(deps, order);
  if (await struck(hangs(core, scope, 'after'))) return { kind: 'hang' };
  return { kind: 'placed', ...placed };
}

async function send(deps: TellerDeps, order: TransferOrder): Promise<PlacedTransfer> {
  const { core, saga, coordinator } = deps;
  const crossesFrames = order.senderFrame !== order.receiverFrame;
  if (order.backend === '2pc' && crossesFrames) return coordinator.send(order);
  if (order.backend !== 'async') return sendInside(core, order);
  const placed = await saga.debit(order);
  if (!placed.replayed) deps.deliver(order.transferId);
  return placed;
}

/** Without the parameter `when` it hangs before the commit. */
function hangs(core: TegCore, scope: FaultScope, when: 'before' | 'after') {
  return core.faults.hit(
    'hang_transfer',
    scope,
    (fault) => (fault.params?.when ?? 'before') === when,
  );
}

/** Notes the strike; the transfer id is that of this attempt, which may never be placed. */
async function noteStrike(
  core: TegCore,
  fault: ActiveFault | undefined,
  order: TransferOrder,
): Promise<ActiveFault | undefined> {
  if (fault === undefined) return undefined;
  const { sender, receiver, memo, idempotencyKey } = order;
  const detail = { sender, receiver, memo, idempotency_key: idempotencyKey };
  const strike = strikeOn(fault, order.transferId, detail);
  await recordStrikes(core.pool, [strike], new Date(core.clock.nowMs()));
  return fault;
}
