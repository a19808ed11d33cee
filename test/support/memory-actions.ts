// The log of actions in memory, for tests of what stands on it; held to the same contract suite.
import {
  type ActionEnd,
  isKeyFree,
  KEY_LIFE_MS,
  type KeyClaim,
  type NewAction,
  type StoredAction,
} from '../../src/domain/action.js';
import type { ActionLog, BegunAction } from '../../src/ports.js';

interface Claimed {
  readonly claimedAtMs: number;
  readonly inputDigest: string;
  readonly actionId: number;
}

export function createMemoryActions(): ActionLog {
  const actions: StoredAction[] = [];
  const claims = new Map<string, Claimed>();
  const claimOf = (key: string): KeyClaim | undefined => {
    const claim = claims.get(key);
    const action = actions.find(({ actionId }) => actionId === claim?.actionId);
    return claim === undefined || action === undefined
      ? undefined
      : { claimedAtMs: claim.claimedAtMs, inputDigest: claim.inputDigest, action };
  };
  return {
    async begin(action, inputDigest): Promise<BegunAction> {
      const key = keyOf(action);
      const held = key === undefined ? undefined : claimOf(key);
      if (held !== undefined && !isKeyFree(held, action.atMs)) {
        return { kind: 'repeated', claim: held };
      }
      const actionId = actions.length + 1;
      const lives = held !== undefined && held.claimedAtMs > action.atMs - KEY_LIFE_MS;
      const claimedAtMs = lives ? held.claimedAtMs : action.atMs;
      actions.push({ ...action, input: copyOf(action.input), actionId, end: undefined });
      if (key !== undefined) claims.set(key, { claimedAtMs, actionId, inputDigest });
      return { kind: 'begun', actionId, claimedAtMs };
    },
    async end(actionId, end: ActionEnd) {
      const index = actions.findIndex((one) => one.actionId === actionId);
      const action = actions[index];
      if (action === undefined || action.end !== undefined) return;
      actions[index] = { ...action, end: { ...end, answer: copyOf(end.answer) } };
    },
    async list({ actor, below = Number.POSITIVE_INFINITY, limit, operation }) {
      return actions
        .filter(({ actionId }) => actionId < below)
        .filter((one) => actor === undefined || one.actor === actor)
        .filter((one) => operation === undefined || one.operation === operation)
        .reverse()
        .slice(0, limit);
    },
  };
}

function keyOf({ actor, idempotencyKey, operation }: NewAction): string | undefined {
  return idempotencyKey === undefined
    ? undefined
    : JSON.stringify([actor, operation, idempotencyKey]);
}

function copyOf(value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  return copy;
}
