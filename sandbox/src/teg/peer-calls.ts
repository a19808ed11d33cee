// What TEGs ask each other: one table of calls, read by the routes, the HTTP client and the
// in-process peer alike. Every call carries the whole transfer, so that each can come first.
import { z } from 'zod';
import { formatAmount, parseAmount } from '../money.js';
import { BACKENDS } from '../names.js';
import type { TransferFacts } from './transfer.js';

export const peerMessage = z.strictObject({
  transfer_id: z.string().min(1).max(100),
  backend: z.enum(BACKENDS),
  sender: z.string(),
  receiver: z.string(),
  sender_frame: z.string(),
  receiver_frame: z.string(),
  amount: z.string(),
  memo: z.string(),
});

export type PeerMessage = z.output<typeof peerMessage>;

function answer<const O extends readonly [string, ...string[]]>(outcomes: O) {
  return z.strictObject({ outcome: z.enum(outcomes), reason: z.string().optional() });
}

export const PEER_CALLS = {
  credit: {
    path: '/teg/peer/credits',
    summary: 'async: credit the receiver, once per transfer id',
    answer: answer(['credited', 'refused']),
  },
  refuse: {
    path: '/teg/peer/refusals',
    summary: 'async: promise never to credit this transfer id, unless it is credited already',
    answer: answer(['refused', 'already_credited']),
  },
  prepare: {
    path: '/teg/peer/prepares',
    summary: '2pc: promise to commit or abort as the coordinator decides',
    answer: answer(['prepared', 'refused']),
  },
  commit: {
    path: '/teg/peer/commits',
    summary: '2pc: the coordinator has committed, credit the receiver',
    answer: answer(['committed']),
  },
  abort: {
    path: '/teg/peer/aborts',
    summary: '2pc: the coordinator has aborted',
    answer: answer(['aborted']),
  },
  outcome: {
    path: '/teg/peer/outcomes',
    summary: '2pc: a participant in doubt asks the coordinator',
    answer: answer(['committed', 'aborted', 'undecided']),
  },
} as const;

export type PeerCall = keyof typeof PEER_CALLS;

export const PEER_CALL_NAMES = Object.keys(PEER_CALLS) as readonly PeerCall[];

export type PeerAnswer<C extends PeerCall> = z.output<(typeof PEER_CALLS)[C]['answer']>;

/** No answer, or one that is not a clear yes or no: the peer may or may not have acted. */
export interface Unreachable {
  readonly outcome: 'unreachable';
  readonly reason: string;
}

/** What a TEG answers to its peers; it throws when it cannot decide now. */
export type PeerService = {
  readonly [C in PeerCall]: (transfer: TransferFacts) => Promise<PeerAnswer<C>>;
};

/** Another TEG as this one sees it; never throws. */
export type Peer = {
  readonly [C in PeerCall]: (transfer: TransferFacts) => Promise<PeerAnswer<C> | Unreachable>;
};

/** The peer of a frame, which may be the TEG itself. */
export type Peers = (frame: string) => Peer;

export function messageOf(transfer: TransferFacts): PeerMessage {
  return {
    transfer_id: transfer.transferId,
    backend: transfer.backend,
    sender: transfer.sender,
    receiver: transfer.receiver,
    sender_frame: transfer.senderFrame,
    receiver_frame: transfer.receiverFrame,
    amount: formatAmount(transfer.amount),
    memo: transfer.memo,
  };
}

/** The transfer of a message, or undefined when its amount is none. */
export function factsOf(message: PeerMessage): TransferFacts | undefined {
  const amount = parseAmount(message.amount);
  if (!amount.ok) return undefined;
  return {
    transferId: message.transfer_id,
    backend: message.backend,
    sender: message.sender,
    receiver: message.receiver,
    senderFrame: message.sender_frame,
    receiverFrame: message.receiver_frame,
    amount: amount.baseUnits,
    memo: message.memo,
  };
}
