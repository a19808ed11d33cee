// Stream matching: how many raw events per second one core tells apart, next to parsing every
// event.
// Both begin where a socket ends, at the bytes of a message.
import { createMatcher } from '../src/domain/mark.js';
import { CANARY_MEMO_MARK } from '../src/domain/memo.js';
import type { BenchRow } from './report.js';

const EVENTS = 200_000;
const CANARY_EVERY = 10_000;
const ROUNDS = 7;

/** One canary event in 10,000; the medians of interleaved rounds, and their ratio. */
export function benchStreamMatching(): readonly BenchRow[] {
  const messages = Array.from({ length: EVENTS }, (_, index) => Buffer.from(eventText(index)));
  const matcher = createMatcher([CANARY_MEMO_MARK, 'A1:canary-1', 'A1:canary-2', 'B1:canary-1']);
  const ours: number[] = [];
  const naive: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const ourRate = rateOf(() => countMatching(messages, matcher));
    const naiveRate = rateOf(() => countParsing(messages));
    // The first round warms the code up and does not count.
    if (round === 0) continue;
    ours.push(ourRate);
    naive.push(naiveRate);
  }
  return [
    { name: 'stream matching: ours', unit: 'events/s per core', samples: ours },
    { name: 'stream matching: parse every event', unit: 'events/s per core', samples: naive },
    {
      name: 'stream matching: ours / parse every event',
      unit: 'ratio (goal >= 3)',
      samples: ours.map((rate, index) => rate / (naive[index] ?? Number.NaN)),
    },
  ];
}

function eventText(index: number): string {
  const canary = index % CANARY_EVERY === 0;
  const memo = canary ? `canary-20261123T183000Z-A1.1-B1.1-async` : `invoice ${index}`;
  return JSON.stringify({
    producer: 'teg-a',
    position: index,
    event_type: 'TokensTransferred',
    source_frame: 'A',
    committed_at: '2026-11-23T18:30:36.123Z',
    transfer_id: `0198c0de-0000-7000-8000-${String(index).padStart(12, '0')}`,
    backend: 'async',
    data: {
      memo,
      sender: canary ? 'A1:canary-1' : 'A1:user-01',
      receiver: canary ? 'B1:canary-1' : 'B1:user-02',
      sender_frame: 'A',
      receiver_frame: 'B',
      amount: '0.010000',
    },
    sequence: index,
    stored_at: '2026-11-23T18:30:36.125Z',
    foreign_from: null,
    prev_hash: 'a'.repeat(64),
    hash: 'b'.repeat(64),
  });
}

function countMatching(messages: readonly Buffer[], matcher: (text: string) => boolean): number {
  let canaries = 0;
  for (const message of messages) {
    const text = message.toString();
    if (matcher(text) && memoOf(text)?.startsWith(CANARY_MEMO_MARK) === true) canaries += 1;
  }
  return canaries;
}

function countParsing(messages: readonly Buffer[]): number {
  let canaries = 0;
  for (const message of messages) {
    if (memoOf(message.toString())?.startsWith(CANARY_MEMO_MARK) === true) canaries += 1;
  }
  return canaries;
}

function memoOf(text: string): string | undefined {
  return (JSON.parse(text) as { readonly data: { readonly memo?: string } }).data.memo;
}

function rateOf(work: () => number): number {
  const startedAt = process.hrtime.bigint();
  const found = work();
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  const planted = Math.ceil(EVENTS / CANARY_EVERY);
  if (found !== planted) throw new Error(`found ${found} canary events of ${planted}`);
  return EVENTS / seconds;
}
