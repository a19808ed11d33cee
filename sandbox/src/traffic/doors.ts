// The platform's real HTTP doors as traffic uses them: payments at the TEG, calls to registries.
import { randomUUID } from 'node:crypto';
import { formatAmount } from '../money.js';
import type { Backend } from '../names.js';
import { callJson, type JsonAnswer } from '../registry/json-call.js';
import { deriveTokens, type Tokens } from '../service/tokens.js';
import { frameOfAgent, registryUrl, type Topology, TopologyError, tegUrl } from '../topology.js';
import type { PlannedTransfer } from './transfer-mix.js';

export interface Doors {
  readonly tokens: Tokens;
  /** Pays with the sender's own token and an idempotency key of its own; never repeated. */
  pay(transfer: PlannedTransfer): Promise<JsonAnswer>;
  /** What an agent has at its TEG. */
  balance(agentId: string): Promise<JsonAnswer>;
  /** Asks the TEG of an agent. */
  getTeg(agentId: string, path: string): Promise<JsonAnswer>;
  /** The same, with the agent's own token. */
  postTeg(agentId: string, path: string, body?: unknown): Promise<JsonAnswer>;
  get(registryId: string, path: string): Promise<JsonAnswer>;
  post(registryId: string, path: string, token: string, body?: unknown): Promise<JsonAnswer>;
}

const TIMEOUT_MS = 5_000;

const TRANSFER_PATHS: Readonly<Record<Backend, string>> = {
  intra: '/teg/transfer',
  async: '/teg/cross-registry-transfer?backend=async',
  '2pc': '/teg/cross-registry-transfer?backend=2pc',
};

export function createDoors(topology: Topology): Doors {
  const tokens = deriveTokens(topology.secretSeed);
  const tegOf = (agentId: string) => {
    const frame = frameOfAgent(topology, agentId);
    if (frame === undefined) throw new TopologyError(`"${agentId}" is of no frame`);
    return tegUrl(topology, frame.id);
  };
  return {
    tokens,
    pay: ({ backend, sender, receiver, amount, memo }) =>
      callJson({
        method: 'POST',
        url: tegOf(sender) + TRANSFER_PATHS[backend],
        token: tokens.agent(sender),
        headers: { 'idempotency-key': `traffic-${randomUUID()}` },
        body: { sender, receiver, amount: formatAmount(amount), memo },
        timeoutMs: TIMEOUT_MS,
      }),
    balance: (agentId) =>
      callJson({
        url: `${tegOf(agentId)}/teg/agents/${encodeURIComponent(agentId)}/balance`,
        timeoutMs: TIMEOUT_MS,
      }),
    getTeg: (agentId, path) => callJson({ url: tegOf(agentId) + path, timeoutMs: TIMEOUT_MS }),
    postTeg: (agentId, path, body) =>
      callJson({
        ...{ method: 'POST', url: tegOf(agentId) + path, token: tokens.agent(agentId), body },
        timeoutMs: TIMEOUT_MS,
      }),
    get: (registryId, path) =>
      callJson({ url: registryUrl(topology, registryId) + path, timeoutMs: TIMEOUT_MS }),
    post: (registryId, path, token, body = {}) =>
      callJson({
        ...{ method: 'POST', url: registryUrl(topology, registryId) + path, token, body },
        timeoutMs: TIMEOUT_MS,
      }),
  };
}
