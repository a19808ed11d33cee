// Faults on demand: which are active, and whether one strikes here and now.
import { randomUUID } from 'node:crypto';
import { type FaultKind, TWO_PHASE_MEMO_PREFIX } from '../names.js';
import { type Clock, timeText } from './clock.js';

/** In a fault: what it is limited to. In a hit: what the caller has at hand. */
export interface FaultScope {
  readonly frame?: string | undefined;
  readonly eventType?: string | undefined;
  readonly backend?: string | undefined;
  readonly sender?: string | undefined;
  readonly receiver?: string | undefined;
  /** In a hit: the whole memo, wrapped or not. */
  readonly memoPrefix?: string | undefined;
  /** In a hit: the other frame of a broadcast, which the parameter `to` is compared with. */
  readonly to?: string | undefined;
  /** In a hit, for the oracle: the transfer that it spoils. */
  readonly transferId?: string | undefined;
  /** In a hit, for the oracle: what else is known of what it spoils. Asked for by a strike only. */
  readonly detail?: (() => Readonly<Record<string, unknown>>) | undefined;
}

export interface FaultSpec extends Omit<FaultScope, 'to' | 'transferId' | 'detail'> {
  readonly kind: FaultKind;
  readonly at?: 'before_store' | 'after_store' | undefined;
  /** 0 to 1, default 1. */
  readonly probability?: number | undefined;
  /** How often it strikes before it is gone; default unlimited. */
  readonly count?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly params?: Readonly<Record<string, string | number>> | undefined;
}

export interface ActiveFault extends FaultSpec {
  readonly id: string;
  readonly hits: number;
  readonly expiresAt?: string;
}

export interface FaultEngine {
  /**
   * The fault that strikes, if one does: matches the scope, draws, and counts the hit.
   * `accepts` narrows by parameters, e.g. the step of a crash.
   */
  hit(
    kind: FaultKind,
    scope: FaultScope,
    accepts?: (fault: ActiveFault) => boolean,
  ): ActiveFault | undefined;
  add(spec: FaultSpec): ActiveFault;
  /** Active faults only: one that is used up or expired is gone. */
  list(): readonly ActiveFault[];
  remove(id: string): boolean;
  clear(): void;
}

export function createFaultEngine(deps: {
  readonly clock: Clock;
  readonly random: () => number;
}): FaultEngine {
  const faults = new Map<string, ActiveFault>();
  const isOver = (fault: ActiveFault) =>
    (fault.count !== undefined && fault.hits >= fault.count) ||
    (fault.expiresAt !== undefined && Date.parse(fault.expiresAt) <= deps.clock.nowMs());
  const sweep = () => {
    for (const fault of faults.values()) if (isOver(fault)) faults.delete(fault.id);
  };
  return {
    hit: (kind, scope, accepts = () => true) => {
      if (faults.size === 0) return undefined;
      sweep();
      for (const fault of faults.values()) {
        if (fault.kind !== kind || !matches(fault, scope) || !accepts(fault)) continue;
        if (deps.random() >= (fault.probability ?? 1)) continue;
        const struck = { ...fault, hits: fault.hits + 1 };
        faults.set(fault.id, struck);
        return struck;
      }
      return undefined;
    },
    add: (spec) => {
      const active = activate(spec, deps.clock.nowMs());
      faults.set(active.id, active);
      return active;
    },
    list: () => {
      sweep();
      return [...faults.values()];
    },
    remove: (id) => faults.delete(id),
    clear: () => faults.clear(),
  };
}

/** A numeric parameter of a fault, e.g. `delay_ms`. */
export function numberParam(fault: ActiveFault, name: string, otherwise: number): number {
  const value = Number(fault.params?.[name] ?? otherwise);
  return Number.isFinite(value) ? value : otherwise;
}

function activate(spec: FaultSpec, nowMs: number): ActiveFault {
  const fault = { ...spec, id: randomUUID(), hits: 0 };
  return spec.durationMs === undefined
    ? fault
    : { ...fault, expiresAt: timeText(nowMs + spec.durationMs) };
}

function matches(fault: FaultSpec, scope: FaultScope): boolean {
  return (
    EXACT.every((field) => fault[field] === undefined || fault[field] === scope[field]) &&
    (fault.memoPrefix === undefined || memoMatches(scope.memoPrefix, fault.memoPrefix)) &&
    (fault.params?.to === undefined || fault.params.to === scope.to)
  );
}

const EXACT = ['frame', 'eventType', 'backend', 'sender', 'receiver'] as const;

/** A prefix finds a memo wrapped by 2pc as well as the bare one. */
function memoMatches(memo: string | undefined, prefix: string): boolean {
  if (memo === undefined) return false;
  return memo.startsWith(prefix) || memo.startsWith(TWO_PHASE_MEMO_PREFIX + prefix);
}
