// Calls to a TEG as its users make them, and waiting for what happens in the background.
import { randomUUID } from 'node:crypto';
import type { TegPlatform, TestTeg } from './teg-platform.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

/** A JSON answer; expectations say which fields it must have. */
export interface AnswerBody {
  readonly transfer_id: string;
  readonly status: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly [field: string]: unknown;
}

export interface TransferCall {
  readonly backend: string;
  /** Aliases such as `A1/1`. */
  readonly from: string;
  readonly to: string;
  readonly amount?: unknown;
  readonly memo?: string;
  /** null sends no header. */
  readonly key?: string | null;
  /** An alias of the agent whose token is sent; null sends none. */
  readonly tokenOf?: string | null;
  readonly token?: string;
  readonly timeoutMs?: number;
}

/** Sends a transfer to the TEG of its sender (or to `teg`). */
export async function sendTransfer(
  platform: TegPlatform,
  call: TransferCall,
  teg: TestTeg = tegOf(platform, call.from),
): Promise<Answer> {
  const key = call.key === undefined ? randomUUID() : call.key;
  const owner = call.tokenOf === undefined ? call.from : call.tokenOf;
  const token = call.token ?? (owner === null ? null : platform.tokens.agent(platform.id(owner)));
  const path =
    call.backend === 'intra'
      ? '/teg/transfer'
      : `/teg/cross-registry-transfer?backend=${call.backend}`;
  return callTeg(teg, 'POST', path, {
    token,
    headers: key === null ? {} : { 'idempotency-key': key },
    body: {
      sender: platform.id(call.from),
      receiver: platform.id(call.to),
      amount: call.amount ?? '1.000000',
      memo: call.memo ?? 'memo',
    },
    ...(call.timeoutMs !== undefined && { timeoutMs: call.timeoutMs }),
  });
}

export function tegOf(platform: TegPlatform, alias: string): TestTeg {
  return alias.startsWith('B') ? platform.tegs.B : platform.tegs.A;
}

export async function callTeg(
  teg: TestTeg,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  options: {
    readonly token?: string | null;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly timeoutMs?: number;
  } = {},
): Promise<Answer> {
  const response = await fetch(teg.url + path, {
    method,
    headers: {
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    signal: AbortSignal.timeout(options.timeoutMs ?? 20_000),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  const body = (isJson ? JSON.parse(text) : { text }) as AnswerBody;
  return { status: response.status, headers: response.headers, body };
}

/** Polls until the answer is neither undefined nor false; fails after the deadline. */
export async function eventually<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  what = String(ask),
  deadlineMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits until a transfer has the status at its sender's TEG. */
export async function untilStatus(teg: TestTeg, transferId: string, status: string): Promise<void> {
  await eventually(
    async () => (await transferStatus(teg, transferId)) === status,
    `transfer ${transferId} becomes ${status}`,
  );
}

export async function transferStatus(teg: TestTeg, transferId: string): Promise<string> {
  return (await callTeg(teg, 'GET', `/teg/transfers/${transferId}`)).body.status;
}

/** Waits until nothing is unfinished anywhere and everything is published. */
export async function untilQuiet(platform: TegPlatform): Promise<void> {
  for (const teg of Object.values(platform.tegs)) {
    await eventually(
      async () => (await unfinished(teg)) === 0,
      `frame ${teg.name} is quiet`,
      15_000,
    );
  }
}

/** How much work a TEG still has to do by itself. */
async function unfinished(teg: TestTeg): Promise<number> {
  const [row] = await teg.query<{ count: string }>(
    `SELECT (SELECT count(*) FROM transfers WHERE status IN ('preparing', 'in_transit', 'in_doubt'))
       + (SELECT count(*) FROM incoming_transfers WHERE state IN ('prepared', 'stranded'))
       + (SELECT count(*) FROM relay_held)
       + (SELECT head.position - cursor.position FROM outbox_head AS head, relay_cursor AS cursor)
       AS count`,
  );
  return Number(row?.count);
}

/** The events of a transfer, of both frames, as they were published. */
export function eventsOfTransfer(platform: TegPlatform, transferId: string) {
  return Object.values(platform.tegs).flatMap((teg) =>
    teg.published.filter((event) => event.transfer_id === transferId),
  );
}

/** An agent's spendable base units, as its TEG answers. */
export async function availableIn(platform: TegPlatform, alias: string): Promise<bigint> {
  const path = `/teg/agents/${encodeURIComponent(platform.id(alias))}/balance`;
  const { body } = await callTeg(tegOf(platform, alias), 'GET', path);
  return BigInt(String(body.available).replace('.', ''));
}
