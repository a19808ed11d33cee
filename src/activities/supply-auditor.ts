// One supply audit through its ports, apart from Temporal, so that a simulation can run thousands.
import type { FrameId } from '../domain/frame.js';
import { missedSlots } from '../domain/slot.js';
import { decideAudit } from '../domain/supply-audit.js';
import { type FrameBook, newBook } from '../domain/supply-book.js';
import type { Certificate } from '../domain/supply-certificate.js';
import { credibleCuts } from '../domain/supply-credible.js';
import { explainingTransfers } from '../domain/supply-explanation.js';
import { plainFinding, type SupplyFinding } from '../domain/supply-finding.js';
import type { CutAnswer, FrameFacts } from '../domain/supply-frame-audit.js';
import type { OpenLimits } from '../domain/supply-matching.js';
import { tracesOf, withTraces } from '../domain/supply-transfers.js';
import type {
  AuditChange,
  AuditState,
  Clock,
  PositionDigest,
  SupplyPlatform,
  SupplyStore,
} from '../ports.js';
import { type ReadWays, readFrame, readInterval } from './read-supply-log.js';

export interface AuditSettings {
  readonly frames: readonly FrameId[];
  readonly bucketCount: number;
  readonly intervalMs: number;
  /** How long an audit waits for a log that has shown all it has and not the cut yet. */
  readonly cutWaitMs: number;
  /** A position missing below later ones for longer is given up. */
  readonly missingLimitMs: number;
  readonly openLimits: OpenLimits;
  /**
   * Events of a frame that one certificate folds at most: what is more is read in parts, each
   * stored before the next, so that the first audit of a long log needs no more memory than others.
   */
  readonly partEventsMax: number;
}

export interface AuditorDependencies {
  readonly clock: Clock;
  readonly platform: SupplyPlatform;
  readonly store: SupplyStore;
  readonly settings: AuditSettings;
  readonly hashOf: (text: string) => string;
  readonly wait: (ms: number) => Promise<void>;
  /** Told at every page and every wait. */
  readonly onProgress: () => void;
}

export interface AuditOrder {
  readonly auditId: string;
  readonly slotMs: number | undefined;
}

export interface SupplyAuditor {
  /** Audits once for ever under an id. Throws `StoreUnavailableError` while the store is away. */
  audit(order: AuditOrder): Promise<Certificate>;
}

/** Cuts of one frame that wait at most: two hours of audits, one a minute. */
const PENDING_MAX = 120;
/** Another audit can come first so often before this one gives up. */
const ATTEMPTS_MAX = 5;

export function createSupplyAuditor(deps: AuditorDependencies): SupplyAuditor {
  return {
    async audit(request) {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; ) {
        const stored = await deps.store.certificateOf(request.auditId);
        if (stored !== undefined) return stored;
        const ended = await auditOnce(deps, request);
        if (ended.kind === 'stored') return ended.certificate;
        if (ended.kind === 'stale') attempt += 1;
      }
      throw new Error(`${ATTEMPTS_MAX} other audits came first while ${request.auditId} ran`);
    },
  };
}

type Ended =
  | { readonly kind: 'stored'; readonly certificate: Certificate }
  /** A part of a long log is stored; the audit itself is still to be made. */
  | { readonly kind: 'part' }
  /** Another audit was stored meanwhile, so that this one is worth nothing. */
  | { readonly kind: 'stale' };

async function auditOnce(deps: AuditorDependencies, order: AuditOrder): Promise<Ended> {
  const { clock, settings, store } = deps;
  const startedAtMs = clock.nowMs();
  const state = await store.load();
  const frames = await gatherFacts(deps, order.auditId, state);
  const isPart = frames.some((one) => one.isPart);
  const traces = tracesOf(frames.flatMap(({ readout }) => readout.folded));
  const touched = [...new Set(traces.map(({ transferId }) => transferId))];
  const records = withTraces(await store.transfers(touched), traces);
  const result = decideAudit(
    {
      auditId: order.auditId,
      ...(isPart ? { certifiedAs: partId(order.auditId, state.previous.number + 1) } : {}),
      startedAtMs,
      decidedAtMs: clock.nowMs(),
      frames,
      standing: state.standing,
      previous: state.previous,
      records,
    },
    // The cut of a part need not wait: the audit's own comes after it.
    { limits: settings.openLimits, pendingMax: isPart ? 0 : PENDING_MAX, hashOf: deps.hashOf },
  );
  const ended = await store.commit({
    expected: state.previous.number,
    ...(isPart ? NO_SLOT : slotOf(order, state, settings)),
    digests: frames.flatMap(digestsOf),
    ...result,
  });
  const certificate = result.certificates.at(-1);
  if (ended === 'stale' || certificate === undefined) return { kind: 'stale' };
  return isPart ? { kind: 'part' } : { kind: 'stored', certificate };
}

/** Parts of one audit differ by the number of their certificate, killed and begun again or not. */
function partId(auditId: string, number: number): string {
  return `${auditId}/part-${number}`;
}

type Slot = Pick<AuditChange, 'slotMs' | 'missedSlotsMs'>;

const NO_SLOT: Slot = { slotMs: undefined, missedSlotsMs: [] };

function slotOf({ slotMs }: AuditOrder, state: AuditState, { intervalMs }: AuditSettings): Slot {
  if (slotMs === undefined) return NO_SLOT;
  return { slotMs, missedSlotsMs: missedSlots(state.lastSlotMs, slotMs, intervalMs) };
}

function digestsOf({ frame, readout }: FrameFacts): readonly PositionDigest[] {
  return readout.folded.map(({ digest, id }) => ({ frame, position: id.position, digest }));
}

/** First cuts of all frames, then what the stores say, then second cuts, then the logs. */
async function gatherFacts(
  deps: AuditorDependencies,
  auditId: string,
  state: AuditState,
): Promise<readonly (FrameFacts & { readonly isPart: boolean })[]> {
  const { platform, settings } = deps;
  const { frames } = settings;
  const first = await Promise.all(frames.map((frame) => platform.cut(frame)));
  const projections = await Promise.all(frames.map((frame) => platform.projection(frame)));
  const second = await Promise.all(frames.map((frame) => platform.cut(frame)));
  return Promise.all(
    frames.map(async (frame, index) => {
      const book = bookOf(state, frame, settings.bucketCount);
      const cuts = credibleCuts(book, first[index] ?? NOT_ASKED, second[index] ?? NOT_ASKED);
      const projection = projections[index] ?? NOT_ASKED;
      const named = { ...book, producer: book.producer ?? producerOf(cuts.first) };
      const read = await readFrame(waysOf(deps), { auditId, book: named, projection, ...cuts });
      return {
        frame,
        ...cuts,
        projection,
        ...read,
        conflicts: await conflictsOf(deps, read.readout.book, read.readout),
        explained: await explanationsOf(deps, frame, read.readout),
      };
    }),
  );
}

function waysOf({ clock, onProgress, platform, settings, wait }: AuditorDependencies): ReadWays {
  return { clock, onProgress, platform, settings, wait };
}

function bookOf({ books }: AuditState, frame: FrameId, bucketCount: number): FrameBook {
  return books.find((one) => one.frame === frame) ?? newBook(frame, bucketCount);
}

const NOT_ASKED = { kind: 'away', reason: 'not asked' } as const;

function producerOf(answer: CutAnswer): string | undefined {
  return answer.kind === 'cut' ? answer.cut.producer : undefined;
}

/** Positions that came again with another content than what was folded under them. */
async function conflictsOf(
  { store }: AuditorDependencies,
  book: FrameBook,
  { folded, repeated }: FrameFacts['readout'],
): Promise<readonly SupplyFinding[]> {
  if (repeated.length === 0) return [];
  const positions = [...new Set(repeated.map(({ id }) => id.position))];
  const stored = await store.digests(book.frame, positions);
  const known = new Map([
    ...stored,
    ...[...folded, ...book.reading.ahead].map(({ digest, id }) => [id.position, digest] as const),
  ]);
  return repeated.flatMap(({ digest, id, sequence }) => {
    const before = known.get(id.position);
    if (before === undefined || before === digest) return [];
    const evidence = `sequence ${sequence} has digest ${digest}, what was folded has ${before}`;
    const subject = `position ${id.position}`;
    return [plainFinding('conflicting_event', 'log_damaged', book.frame, subject, evidence)];
  });
}

/** A new difference is rare, so its events are read again only then. */
async function explanationsOf(
  deps: AuditorDependencies,
  frame: FrameId,
  readout: FrameFacts['readout'],
): Promise<readonly (readonly string[])[]> {
  const explained: (readonly string[])[] = [];
  for (const comparison of readout.comparisons) {
    const events = await readInterval(waysOf(deps), frame, comparison);
    explained.push(explainingTransfers(comparison.change, events, deps.platform.weightOf));
  }
  return explained;
}
