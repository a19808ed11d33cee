// The live event log: every distinct outcome that this page has seen, failures kept longer.
import type { ResultView } from '../../src/admin/views/result-view.js';
import { classOf, type Look, lookOf, verdictOf } from './outcome.js';

/** So many entries are kept. */
export const ENTRIES_MAX = 200;
/** The newest are kept whatever they are, so that a flood of failures hides no news. */
export const NEWEST_KEPT = 50;

export interface Entry {
  /** One test has an entry for each outcome it was seen with. */
  readonly key: string;
  readonly at: string;
  readonly look: Look;
  readonly result: ResultView;
  /** Whether it came after the page had something to show. */
  readonly isNews: boolean;
}

export interface EventLog {
  /** Newest first. */
  readonly entries: readonly Entry[];
  /** Newest first; wait while the log does not tail. */
  readonly waiting: readonly Entry[];
  readonly tails: boolean;
  readonly folded: boolean;
  /** What came while the log was folded. */
  readonly unseen: number;
  readonly filter: Look | undefined;
  /** Whether older passes were dropped. */
  readonly dropped: boolean;
}

export const EMPTY_LOG: EventLog = {
  entries: [],
  waiting: [],
  tails: true,
  folded: false,
  unseen: 0,
  filter: undefined,
  dropped: false,
};

/** What a result tells: its outcome, and a correction where it has one. */
export function entriesOf(result: ResultView, isNews: boolean): readonly Entry[] {
  const look = lookOf(verdictOf(result));
  const { closedAt, correctionCount, decidedAt, testId } = result;
  // What only the close found out is news of that moment.
  const byClose = look === 'degraded' || look === 'finding' || look === 'unknown';
  const at = byClose ? (closedAt ?? decidedAt) : decidedAt;
  const entry = { key: `${testId} ${look}`, at, look, result, isNews };
  if (correctionCount === 0) return [entry];
  const key = `${testId} correction ${correctionCount}`;
  return [entry, { key, at: closedAt ?? decidedAt, look: 'correction', result, isNews }];
}

/** Adds what is new; what was read again, or was missed and is older, finds its place by time. */
export function seen(log: EventLog, results: readonly ResultView[], holds = false): EventLog {
  const known = new Set([...log.entries, ...log.waiting].map(({ key }) => key));
  const isNews = log.entries.length > 0;
  const wasDropped = droppedOf(log);
  const news = new Map<string, Entry>();
  for (const entry of results.flatMap((result) => entriesOf(result, isNews))) {
    if (!known.has(entry.key) && !wasDropped(entry)) news.set(entry.key, entry);
  }
  if (news.size === 0) return log;
  const unseen = log.folded ? log.unseen + news.size : log.unseen;
  const waits = log.entries.length > 0 && (!log.tails || holds);
  const isWaiting = (entry: Entry) => waits && entry.at >= (log.entries[0]?.at ?? '');
  const waiting = [...news.values()].filter(isWaiting);
  const shown = [...news.values()].filter((entry) => !isWaiting(entry));
  return {
    ...log,
    ...kept([...log.entries, ...shown], log.dropped),
    waiting: newestFirst([...log.waiting, ...waiting]).slice(0, ENTRIES_MAX),
    unseen,
  };
}

/** Passes older than the oldest that is kept went over the cap, and would go again. */
function droppedOf({ dropped, entries }: EventLog): (entry: Entry) => boolean {
  if (!dropped) return () => false;
  const passes = entries.filter(({ look }) => classOf(look) === 'pass');
  const oldest = passes.at(-1) ?? entries[NEWEST_KEPT - 1];
  return ({ at, look }) => classOf(look) === 'pass' && at < (oldest?.at ?? '');
}

/** Lets what waits in. */
export function release(log: EventLog): EventLog {
  if (log.waiting.length === 0) return log;
  return { ...log, ...kept([...log.entries, ...log.waiting], log.dropped), waiting: [] };
}

export function setTail(log: EventLog, tails: boolean): EventLog {
  return tails ? release({ ...log, tails }) : { ...log, tails };
}

export function setFolded(log: EventLog, folded: boolean): EventLog {
  return { ...log, folded, unseen: 0 };
}

export function setFilter(log: EventLog, filter: Look | undefined): EventLog {
  return { ...log, filter };
}

export function visible({ entries, filter }: EventLog): readonly Entry[] {
  return filter === undefined ? entries : entries.filter(({ look }) => look === filter);
}

/** How many entries there are of each look that occurs. */
export function counted({ entries }: EventLog): ReadonlyMap<Look, number> {
  const counts = new Map<Look, number>();
  for (const { look } of entries) counts.set(look, (counts.get(look) ?? 0) + 1);
  return counts;
}

/** Over the cap the oldest passes go first, but never one of the newest; then the oldest at all. */
function kept(entries: readonly Entry[], before: boolean): Pick<EventLog, 'entries' | 'dropped'> {
  const sorted = newestFirst(entries);
  const excess = sorted.length - ENTRIES_MAX;
  if (excess <= 0) return { entries: sorted, dropped: before };
  const passes = sorted
    .slice(NEWEST_KEPT)
    .filter(({ look }) => classOf(look) === 'pass')
    .slice(-excess);
  const going = new Set(passes);
  return { entries: sorted.filter((one) => !going.has(one)).slice(0, ENTRIES_MAX), dropped: true };
}

function newestFirst(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort(
    (one, other) => compare(other.at, one.at) || compare(one.key, other.key),
  );
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
