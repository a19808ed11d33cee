// The oracle of services whose faults spoil no ledger: each strike is remembered where it is drawn,
// in memory, where the faults live, too.
import { type Clock, timeText } from './clock.js';
import type { ActiveFault, FaultEngine, FaultScope } from './faults.js';
import type { StruckFault } from './oracle-wire.js';

export interface StrikeMemory {
  /** Strikes after that id, oldest first. */
  list(range: StrikeRange): readonly StruckFault[];
  /** Remembers what struck without a fault of the engine: a leak. */
  note(strike: Pick<StruckFault, 'kind' | 'transfer_id' | 'detail'>): void;
}

export interface StrikeRange {
  readonly after: number;
  readonly limit: number;
  /** Only these kinds; all without it. */
  readonly kinds?: readonly string[];
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
  const remember = (strike: Omit<StruckFault, 'strike_id' | 'at'>) => {
    lastId += 1;
    remembered.push({ strike_id: lastId, at: timeText(clock.nowMs()), ...strike });
    if (remembered.length > MAX_REMEMBERED) remembered.shift();
  };
  return {
    faults: {
      ...faults,
      hit: (kind, scope, accepts) => {
        const fault = faults.hit(kind, scope, accepts);
        if (fault !== undefined) remember(strikeOf(fault, scope));
        return fault;
      },
    },
    strikes: {
      list: ({ after, limit, kinds }) =>
        remembered
          .filter(({ strike_id: id, kind }) => id > after && kinds?.includes(kind) !== false)
          .slice(0, limit),
      note: (strike) => remember({ ...strike, fault_id: null }),
    },
  };
}

function strikeOf(fault: ActiveFault, scope: FaultScope): Omit<StruckFault, 'strike_id' | 'at'> {
  const { eventType, memoPrefix, transferId, detail: more, ...same } = scope;
  const detail = { ...same, event_type: eventType, memo: memoPrefix, ...more?.() };
  return { kind: fault.kind, fault_id: fault.id, transfer_id: transferId ?? null, detail };
}
