// From a request to an order: everything that can be checked before the ledger is touched.
import { createHash } from 'node:crypto';
import { feeOf, parseAmount } from '../money.js';
import { BACKENDS, type Backend } from '../names.js';
import { frameOfAgent, registryOfAgent } from '../topology.js';
import { requireAgentToken } from './agent-token.js';
import { refusal } from './refusals.js';
import type { TegCore } from './teg-core.js';
import type { TransferOrder } from './transfer.js';
import { newTransferId } from './transfer-id.js';

export interface TransferRequest {
  readonly backend: string;
  readonly sender: string;
  readonly receiver: string;
  readonly amount: string;
  readonly memo: string;
  readonly idempotencyKey: string | undefined;
  /** The sender's bearer token. */
  readonly token: string;
}

const MAX_KEY_LENGTH = 200;

/** Checks a request against the contract and the topology, and whose token it carries. */
export async function orderOf(core: TegCore, request: TransferRequest): Promise<TransferOrder> {
  const idempotencyKey = requireKey(request.idempotencyKey);
  const backend = requireBackend(request.backend);
  const amount = parseAmount(request.amount);
  if (!amount.ok) throw refusal('malformed_amount', amount.message);
  const { senderFrame, receiverFrame } = requireRoute(core, backend, request);
  await requireAgentToken(core, request.sender, request.token);
  const { sender, receiver, memo } = request;
  const content = [backend, sender, receiver, amount.baseUnits.toString(), memo];
  return {
    transferId: newTransferId(core.clock.nowMs()),
    backend,
    sender,
    receiver,
    senderFrame,
    receiverFrame,
    amount: amount.baseUnits,
    fee: feeOf(amount.baseUnits, core.topology.feeBasisPoints),
    memo,
    idempotencyKey,
    requestHash: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
  };
}

function requireKey(key: string | undefined): string {
  if (key === undefined || key === '') {
    throw refusal('missing_idempotency_key', 'the header Idempotency-Key is required');
  }
  if (key.length <= MAX_KEY_LENGTH) return key;
  const message = `Idempotency-Key has ${key.length} characters, at most ${MAX_KEY_LENGTH}`;
  throw refusal('malformed_request', message);
}

function requireBackend(text: string): Backend {
  const backend = BACKENDS.find((candidate) => candidate === text);
  if (backend !== undefined) return backend;
  throw refusal('unknown_backend', `unknown backend "${text}"`);
}

/** Which frames a transfer goes between, if its backend goes between these two at all. */
function requireRoute(core: TegCore, backend: Backend, request: TransferRequest) {
  const { sender, receiver } = request;
  if (sender === receiver) throw refusal('malformed_request', `"${sender}" cannot pay itself`);
  const from = requirePlace(core, sender);
  const to = requirePlace(core, receiver);
  if (from.frame !== core.frame) {
    throw refusal('wrong_topology', `"${sender}" belongs to frame ${from.frame}`);
  }
  const isIntra = from.registry === to.registry;
  if (isIntra !== (backend === 'intra')) {
    const between = isIntra ? `within ${from.registry}` : `${from.registry} to ${to.registry}`;
    throw refusal('wrong_topology', `backend ${backend} does not go ${between}`);
  }
  return { senderFrame: from.frame, receiverFrame: to.frame };
}

function requirePlace(core: TegCore, agentId: string) {
  const registry = registryOfAgent(core.topology, agentId);
  const frame = frameOfAgent(core.topology, agentId);
  if (registry !== undefined && frame !== undefined) return { registry, frame: frame.id };
  throw refusal('unknown_agent', `no agent "${agentId}"`);
}
