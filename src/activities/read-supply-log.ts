// Reading one frame's log for an audit: page by page up to its cuts, waiting a bounded time for
// what the log does not show yet.
import type { FrameId } from '../domain/frame.js';
import type { FrameBook } from '../domain/supply-book.js';
import { isNoDifference } from '../domain/supply-comparison.js';
import type { SupplyEvent } from '../domain/supply-event.js';
import type { CutAnswer } from '../domain/supply-frame-audit.js';
import type { LogEntry } from '../domain/supply-log.js';
import {
  beginReadout,
  type Comparison,
  overEmptyRange,
  type Readout,
  readEntries,
  rewound,
  type Stop,
} from '../domain/supply-readout.js';
import type { ProjectionAnswer } from '../domain/supply-voices.js';
import type { Clock, SupplyPlatform } from '../ports.js';

export interface ReadWays {
  readonly clock: Clock;
  readonly platform: SupplyPlatform;
  readonly settings: {
    readonly cutWaitMs: number;
    readonly missingLimitMs: number;
    /** Events of a frame that are held in memory at a time. */
    readonly partEventsMax: number;
  };
  readonly wait: (ms: number) => Promise<void>;
  readonly onProgress: () => void;
}

export interface FrameToRead {
  readonly auditId: string;
  readonly book: FrameBook;
  readonly first: CutAnswer;
  readonly second: CutAnswer;
  readonly projection: ProjectionAnswer;
}

const PAGE_EVENTS = 2_000;
const POLL_EVERY_MS = 200;
/** Events that an explanation reads again at most. */
const EXPLAINED_EVENTS_MAX = 100_000;

export interface FrameRead {
  readonly readout: Readout;
  readonly readProblem: string;
  readonly logNonsense: string;
  readonly cutWaitMs: number | undefined;
  /** The log is longer than one part: the next part goes on from here. */
  readonly isPart: boolean;
}

/**
 * Reads up to every stop, until a part is full, or until the log has shown nothing that helps for
 * too long.
 */
export async function readFrame(ways: ReadWays, frame: FrameToRead): Promise<FrameRead> {
  const { clock, settings } = ways;
  const beganAtMs = clock.nowMs();
  const projection =
    frame.projection.kind === 'projection' ? frame.projection.projection : undefined;
  let readout = readNow(
    ways,
    beginReadout(frame.book, stopsOf(frame), projection),
    [],
    'below head',
  );
  let idleSinceMs = beganAtMs;
  let problem = '';
  let nonsense = '';
  let isPart = false;
  while (readout.stops.length > 0 && readout.book.producer !== undefined) {
    ways.onProgress();
    const before = readout.book.place.sequence;
    const step = await readStep(ways, readout);
    ({ nonsense, problem, readout } = step);
    if (readout.book.place.sequence !== before) {
      idleSinceMs = clock.nowMs();
      isPart = readout.stops.length > 0 && readout.folded.length >= settings.partEventsMax;
      if (isPart) break;
      continue;
    }
    if (clock.nowMs() - idleSinceMs >= settings.cutWaitMs) break;
    await ways.wait(POLL_EVERY_MS);
  }
  const isRead = readout.comparisons.some((one) => one.auditId === frame.auditId);
  const cutWaitMs = isRead ? clock.nowMs() - beganAtMs : undefined;
  const readProblem = isPart ? 'the log is long, and the next certificate reads on' : problem;
  return { readout, readProblem, logNonsense: nonsense, cutWaitMs, isPart };
}

function stopsOf({ auditId, book, first, second }: FrameToRead): readonly Stop[] {
  const waiting = book.pending.map(
    ({ auditId: id, cut }): Stop => ({ kind: 'cut', position: cut.position, auditId: id, cut }),
  );
  return [
    ...waiting,
    ...(first.kind === 'cut'
      ? [{ kind: 'cut', position: first.cut.position, auditId, cut: first.cut } as const]
      : []),
    ...(second.kind === 'cut' ? [{ kind: 'second', position: second.cut.position } as const] : []),
  ];
}

interface Step {
  readonly readout: Readout;
  readonly problem: string;
  readonly nonsense: string;
}

async function readStep(ways: ReadWays, readout: Readout): Promise<Step> {
  const { book } = readout;
  const after = book.place.sequence;
  const limit = Math.min(PAGE_EVENTS, ways.settings.partEventsMax);
  const page = await ways.platform.page(book.frame, after, limit);
  const unmoved = { readout, problem: '', nonsense: '' };
  if (page.kind === 'away') return { ...unmoved, problem: page.reason };
  if (page.kind === 'unusable')
    return { ...unmoved, problem: page.problem, nonsense: page.problem };
  if (page.head < after) return { ...unmoved, readout: rewound(readout, page.head) };
  if (page.entries.length === 0 && page.through > after) {
    return { ...unmoved, readout: overEmptyRange(readout, page.through) };
  }
  const reach = page.through < page.head ? 'below head' : 'at head';
  return { ...unmoved, readout: readNow(ways, readout, page.entries, reach) };
}

/** What was missing at the last audit may long be in the log: only at its head is that known. */
type Reach = 'below head' | 'at head';

function readNow(
  { clock, platform, settings }: ReadWays,
  readout: Readout,
  entries: readonly LogEntry[],
  reach: Reach,
): Readout {
  return readEntries(readout, entries, {
    nowMs: clock.nowMs(),
    missingLimitMs: reach === 'at head' ? settings.missingLimitMs : Number.POSITIVE_INFINITY,
    weightOf: platform.weightOf,
  });
}

/** The events of a comparison's interval, read again; none where nothing changed or all is away. */
export async function readInterval(
  ways: ReadWays,
  frame: FrameId,
  { after, change, cut, sequence }: Comparison,
): Promise<readonly SupplyEvent[]> {
  if (isNoDifference(change)) return [];
  const events: SupplyEvent[] = [];
  let place = sequence;
  for (let read = 0; read < EXPLAINED_EVENTS_MAX; read += PAGE_EVENTS) {
    ways.onProgress();
    const page = await ways.platform.page(frame, place, PAGE_EVENTS);
    if (page.kind !== 'page' || page.entries.length === 0) return events;
    const own = page.entries.flatMap(({ content }) =>
      content.kind === 'own' ? [content.event] : [],
    );
    events.push(...own.filter(({ id }) => id.position > after && id.position <= cut.position));
    place = page.through;
    if (own.some(({ id }) => id.position > cut.position)) return events;
  }
  return events;
}
