// The platform as the supply auditor asks it: the TEG's snapshot, the EventStore's projection and
// its whole log. No call is retried here, and none throws: the next audit asks again.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FrameId } from '../domain/frame.js';
import type { AccountId } from '../domain/supply-event.js';
import type { WeightOf } from '../domain/supply-fold.js';
import type { CutAnswer } from '../domain/supply-frame-audit.js';
import type { LogEntry } from '../domain/supply-log.js';
import type { ProjectionAnswer } from '../domain/supply-voices.js';
import type { LogPageAnswer, SupplyPlatform } from '../ports.js';
import { ask, parseJson } from './platform-http.js';
import { baseUrl } from './platform-read.js';
import { parseLogLine } from './supply-event-wire.js';
import { readProjection, readSnapshot } from './supply-snapshot-wire.js';

export interface SupplyPlatformOptions {
  readonly frames: readonly {
    readonly id: FrameId;
    readonly teg: string;
    readonly eventStore: string;
  }[];
  readonly bucketCount: number;
  /** One question, the answer's last byte included. */
  readonly timeoutMs: number;
}

const NDJSON = 'application/x-ndjson';
const PAGE_LIMIT_MAX = 5_000;
/** Accounts whose weight is kept in memory; beyond it the oldest is computed anew. */
const WEIGHTS_MAX = 100_000;

const proofSchema = z.strictObject({ through: z.int().min(0), head: z.int().min(0) });

export function createSupplyPlatform(options: SupplyPlatformOptions): SupplyPlatform {
  const frameOf = (frame: FrameId) => {
    const found = options.frames.find(({ id }) => id === frame);
    if (found === undefined) throw new Error(`frame ${frame} is not configured`);
    return found;
  };
  return {
    cut: (frame) => readCut(options, frameOf(frame)),
    projection: (frame) => askProjection(options, frameOf(frame)),
    page: (frame, after, limit) => readLog(options, frameOf(frame), after, limit),
    weightOf: createWeights(),
  };
}

type FrameDoors = SupplyPlatformOptions['frames'][number];

async function readCut(options: SupplyPlatformOptions, frame: FrameDoors): Promise<CutAnswer> {
  const { bucketCount } = options;
  const url = `${baseUrl(frame.teg)}/teg/supply-snapshot?buckets=${bucketCount}`;
  const answer = await askText(options, url);
  if (answer.kind === 'answered') return readSnapshot(answer.text, frame.id, bucketCount);
  // A platform without snapshots: the EventStore's own figures are all there is.
  if (answer.kind === 'absent') return projectedCut(await askProjection(options, frame), frame.id);
  return { kind: 'away', reason: answer.reason };
}

function projectedCut(answer: ProjectionAnswer, frame: FrameId): CutAnswer {
  if (answer.kind !== 'projection') return answer;
  const { asOfMs, circulating, destroyed, issued, position, producer, transitNet } =
    answer.projection;
  if (producer === undefined) return { kind: 'away', reason: 'the log has no event yet' };
  return {
    kind: 'cut',
    cut: {
      grade: 'projection',
      frame,
      producer,
      position,
      clockMs: asOfMs,
      circulating,
      inTransit: -transitNet,
      issuance: destroyed - issued,
      buckets: [],
      unclassed: [],
    },
  };
}

async function askProjection(
  options: SupplyPlatformOptions,
  frame: FrameDoors,
): Promise<ProjectionAnswer> {
  const url = `${baseUrl(frame.eventStore)}/api/v1/projections/supply-audit`;
  const answer = await askText(options, url);
  if (answer.kind === 'answered') return readProjection(answer.text, frame.id);
  const reason = answer.kind === 'absent' ? `${url} answered 404` : answer.reason;
  return { kind: 'away', reason };
}

async function readLog(
  options: SupplyPlatformOptions,
  frame: FrameDoors,
  after: number,
  limit: number,
): Promise<LogPageAnswer> {
  const search = new URLSearchParams({
    after: String(after),
    limit: String(Math.min(Math.max(limit, 1), PAGE_LIMIT_MAX)),
  });
  const url = `${baseUrl(frame.eventStore)}/api/v1/events?${search}`;
  const answer = await askText(options, url, NDJSON);
  if (answer.kind === 'absent') return { kind: 'away', reason: `${url} answered 404` };
  if (answer.kind === 'away') return answer;
  const lines = answer.text.split('\n').filter((line) => line !== '');
  const proof = proofSchema.safeParse(parseJson(lines.at(-1) ?? ''));
  if (!proof.success) {
    return { kind: 'unusable', problem: 'a page of the log does not say how far it is complete' };
  }
  const entries: LogEntry[] = [];
  for (const line of lines.slice(0, -1)) {
    const entry = parseLogLine(line, frame.id);
    if (typeof entry === 'string') return { kind: 'unusable', problem: entry };
    entries.push(entry);
  }
  return { kind: 'page', entries, ...proof.data };
}

type TextAnswer =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'away'; readonly reason: string };

async function askText(
  { timeoutMs }: SupplyPlatformOptions,
  url: string,
  accept = 'application/json',
): Promise<TextAnswer> {
  const answer = await ask({ method: 'GET', url, headers: { accept }, timeoutMs });
  if (answer.kind === 'unanswered') return { kind: 'away', reason: `${url}: ${answer.message}` };
  if (answer.status === 200) return { kind: 'answered', text: answer.text };
  if (answer.status === 404) return { kind: 'absent' };
  return { kind: 'away', reason: `${url} answered ${answer.status}` };
}

/** The first 8 bytes of sha256(account), unsigned, big-endian (platform contract). */
export function accountWeight(account: AccountId): bigint {
  return createHash('sha256').update(account, 'utf8').digest().readBigUInt64BE(0);
}

function createWeights(): WeightOf {
  const known = new Map<AccountId, bigint>();
  return (account) => {
    const weight = known.get(account) ?? accountWeight(account);
    if (known.size >= WEIGHTS_MAX) known.delete(known.keys().next().value ?? '');
    known.set(account, weight);
    return weight;
  };
}
