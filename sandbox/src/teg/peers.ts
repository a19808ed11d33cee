// The two ways to reach a TEG: over HTTP, or in the same process for what stays in the frame.
import { withSignal } from '../service/with-signal.js';
import {
  messageOf,
  PEER_CALL_NAMES,
  PEER_CALLS,
  type Peer,
  type PeerAnswer,
  type PeerCall,
  type PeerService,
  type Unreachable,
} from './peer-calls.js';
import type { TransferFacts } from './transfer.js';

/** A peer that does not answer within this time counts as unreachable; callers try again. */
export const PEER_TIMEOUT_MS = 5_000;

export interface PeerAddress {
  readonly url: string;
  /** The peer token. */
  readonly token: string;
  /** By default PEER_TIMEOUT_MS. */
  readonly timeoutMs?: number | undefined;
}

/** The TEG at that address. */
export function createHttpPeer(address: PeerAddress): Peer {
  return peerOf((call, transfer) => callOverHttp(address, call, transfer));
}

/** The TEG itself, for transfers between two registries of its own frame. */
export function createLocalPeer(service: PeerService): Peer {
  return peerOf(<C extends PeerCall>(call: C, transfer: TransferFacts) => service[call](transfer));
}

type CallPeer = <C extends PeerCall>(call: C, transfer: TransferFacts) => Promise<PeerAnswer<C>>;

/** Builds the peer's methods from the table of calls; a failure becomes `unreachable`. */
function peerOf(callPeer: CallPeer): Peer {
  const method =
    <C extends PeerCall>(call: C) =>
    async (transfer: TransferFacts): Promise<PeerAnswer<C> | Unreachable> => {
      try {
        return await callPeer(call, transfer);
      } catch (error) {
        return { outcome: 'unreachable', reason: `${call}: ${messageFrom(error)}` };
      }
    };
  return Object.fromEntries(PEER_CALL_NAMES.map((call) => [call, method(call)])) as Peer;
}

async function callOverHttp<C extends PeerCall>(
  { url, token, timeoutMs = PEER_TIMEOUT_MS }: PeerAddress,
  call: C,
  transfer: TransferFacts,
): Promise<PeerAnswer<C>> {
  const request = {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(messageOf(transfer)),
  };
  return withSignal({ limitMs: timeoutMs }, async (signal) => {
    const response = await fetch(url + PEER_CALLS[call].path, { ...request, signal });
    const text = await response.text();
    if (!response.ok) throw new Error(`answered ${response.status}: ${text.slice(0, 300)}`);
    return PEER_CALLS[call].answer.parse(JSON.parse(text)) as PeerAnswer<C>;
  });
}

function messageFrom(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
