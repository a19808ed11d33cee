// The TEG's answers as the platform contract states them, and what they mean to the gateway.
import { z } from 'zod';
import type { Attempt } from '../domain/fire.js';
import { parseJson } from './platform-http.js';

const transferSchema = z.object({
  transfer_id: z.string().min(1).max(200),
  status: z.enum(['settled', 'in_transit', 'in_doubt', 'refunded', 'aborted']),
});

const errorSchema = z.object({ error: z.object({ code: z.string().min(1), message: z.string() }) });

const amount = z.string().max(32);

export const balanceSchema = z.object({
  available: amount,
  held: amount,
  status: z.enum(['active', 'revoked']),
});

export const healthSchema = z.object({ now: z.iso.datetime() });

export const infoSchema = z.object({ fee: z.object({ basis_points: z.int().min(0).max(10_000) }) });

const CODE_LENGTH_MAX = 100;
const MESSAGE_LENGTH_MAX = 500;

/** The meaning of an answered transfer request. */
export function attemptOf(status: number, text: string): Attempt {
  const json = parseJson(text);
  if (status < 200 || status >= 300) return refusalOf(status, text, json);
  const transfer = transferSchema.safeParse(json);
  if (!transfer.success) {
    const message = `the answer is no transfer: ${shorten(text)}`;
    return { kind: 'answered', status, code: 'malformed_answer', message };
  }
  // A repeated request is answered with the transfer as it stands. An aborted one moved nothing:
  // the same refusal that its first request was answered with, if that answer had arrived.
  if (transfer.data.status === 'aborted') {
    const message = `transfer ${transfer.data.transfer_id} is aborted`;
    return { kind: 'answered', status: 424, code: 'peer_refused', message };
  }
  return { kind: 'accepted', transferId: transfer.data.transfer_id };
}

function refusalOf(status: number, text: string, json: unknown): Attempt {
  const refusal = errorSchema.safeParse(json);
  if (!refusal.success) {
    return { kind: 'answered', status, code: `http_${status}`, message: shorten(text) };
  }
  const { code, message } = refusal.data.error;
  return {
    kind: 'answered',
    status,
    code: code.slice(0, CODE_LENGTH_MAX),
    message: shorten(message),
  };
}

function shorten(text: string): string {
  return text.length <= MESSAGE_LENGTH_MAX ? text : `${text.slice(0, MESSAGE_LENGTH_MAX)}…`;
}
