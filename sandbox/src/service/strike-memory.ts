// The oracle of services whose faults spoil no ledger: each strike is remembered where it is drawn,
// in memory, where the faults live, too.
import { type Clock, timeText } from './clock.js';
import type { ActiveFault, FaultEngine, FaultScope } from './faults.js';
import type { StruckFault } from './oracle-wire.js';

export interface StrikeMemory {
  /** Strikes after that id, oldest first. */
  list(range: { readonly after: number; readonly limit: number }): readonly StruckFault[];
}

/** More strikes than that push out the oldest. */
const MAX_REMEMBERED = 10_000;

/** The engine as before, but what strikes through it is remembered. */
export function rememberStrikes(
  faults: FaultEngine,
  clock: Clock,
): { readonly faults: FaultEngine; readonly strikes: StrikeMemory } {
  const remembered: StruckFault[] = [];
  let lastId = 0;
  const remember = (fault: ActiveFault, scope: FaultScope) => {
    lastId += 1;
    remembered.push(
      struckFaultOf(fault, scope, { strike_id: lastId, at: timeText(clock.nowMs()) }),
    );
    if (remembered.length > MAX_REMEMBERED) remembered.shift();
  };
  return {
    faults: {
      ...faults,
      hit: (kind, scope, accepts) => {
        const fault = faults.hit(kind, scope, accepts);
        if (fault !== undefined) remember(fault, scope);
        return fault;
      },
    },
    strikes: {
      list: ({ after, limit }) =>
        remembered.filter(({ strike_id: id }) => id > after).slice(0, limit),
    },
  };
}

function struckFaultOf(
  fault: ActiveFault,
  scope: FaultScope,
  place: Pick<StruckFault, 'strike_id' | 'at'>,
): StruckFault {
  const { eventType, memoPrefix, transferId, ...same } = scope;
  const detail = { ...same, event_type: eventType, memo: memoPrefix };
  return {
    ...place,
    kind: fault.kind,
    fault_id: fault.id,
    transfer_id: transferId ?? null,
    detail,
  };
}
