// The news of the reactor for all who watch: one reading a second serves every viewer, and none is
// made while nobody watches. Where somebody stopped listening, they go on by the last event's id.
import type { StoredAction } from '../../domain/action.js';
import type { CertificateDocument } from '../../domain/supply-certificate.js';
import type { StoredResult } from '../../ports.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { awayDependency } from '../operation.js';
import { certificateView } from '../views/certificate-view.js';
import { resultView } from '../views/result-view.js';
import { scoreboardView } from '../views/scoreboard-view.js';

/** What the stores tell of with its moment. */
type TimedEvent = 'result' | 'cycle' | 'certificate' | 'action';

export interface NewsItem {
  /** Where to go on after it; absent for what is no news of the store. */
  readonly id?: string;
  readonly event: TimedEvent | 'reset' | 'away' | 'back';
  readonly data: unknown;
}

export type Listen = (item: NewsItem) => void;

export interface News {
  /** Sends what was missed since the event of that id, then all that comes; answers the way out. */
  subscribe(lastEventId: string | undefined, listen: Listen): Promise<() => void>;
  /** How often there was something to tell: what was read at a lower count is old. */
  told(): number;
  /** How many listen. */
  viewers(): number;
  close(): void;
}

export interface NewsOptions {
  readonly deps: Pick<AdminDependencies, 'actions' | 'changes' | 'clock' | 'results' | 'supply'>;
  readonly everyMs: number;
  readonly onTrouble: (error: unknown) => void;
}

/** A transaction is seen when it commits, some time after the moment that it stores. */
const OVERLAP_MS = 5_000;
/** Who missed more than this reads everything anew. */
const MISSED_MAX = 500;
/** Of cycles, certificates and actions each. */
const NEWEST_LOOKED_AT = 20;

interface Keyed {
  readonly key: string;
  readonly atMs: number;
  readonly item: NewsItem;
}

export function createNews({ deps, everyMs, onTrouble }: NewsOptions): News {
  const viewers = new Set<Viewer>();
  const look = createLook(deps);
  let timer: NodeJS.Timeout | undefined;
  let isAway = false;
  let told = 0;

  const tell = (items: readonly Keyed[]): void => {
    if (items.length > 0) told += 1;
    for (const viewer of viewers) viewer.hear(items);
  };
  const tick = async (): Promise<void> => {
    try {
      const fresh = await look();
      tell(isAway ? [message('back', {}), ...fresh] : fresh);
      isAway = false;
    } catch (error) {
      const dependency = awayDependency(error);
      if (dependency === undefined || !isAway) onTrouble(error);
      if (!isAway) tell([message('away', { dependency })]);
      isAway = true;
    }
    timer = viewers.size === 0 ? undefined : setTimeout(() => void tick(), everyMs);
  };
  return {
    async subscribe(lastEventId, listen) {
      const viewer = createViewer(listen);
      viewers.add(viewer);
      timer ??= setTimeout(() => void tick(), everyMs);
      viewer.catchUp(await missedSince(deps, lastEventId, onTrouble));
      return () => void viewers.delete(viewer);
    },
    told: () => told,
    viewers: () => viewers.size,
    close() {
      viewers.clear();
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** Answers what is new since the look before; the first look tells of the last moments. */
function createLook(deps: NewsOptions['deps']): () => Promise<readonly Keyed[]> {
  const told = new Map<string, number>();
  let lookedAtMs: number | undefined;
  return async () => {
    const nowMs = deps.clock.nowMs();
    const fromMs = (lookedAtMs ?? nowMs) - OVERLAP_MS;
    const fresh = (await readSince(deps, fromMs)).filter(({ key }) => !told.has(key));
    for (const { atMs, key } of fresh) told.set(key, atMs);
    for (const [key, atMs] of told) if (atMs < fromMs - OVERLAP_MS) told.delete(key);
    lookedAtMs = nowMs;
    return fresh;
  };
}

interface Viewer {
  hear(items: readonly Keyed[]): void;
  catchUp(missed: readonly Keyed[]): void;
}

/** What comes while somebody still catches up waits, so that it is told once and in order. */
function createViewer(listen: Listen): Viewer {
  let waiting: Keyed[] | undefined = [];
  return {
    hear(items) {
      if (waiting !== undefined) waiting.push(...items);
      else for (const { item } of items) listen(item);
    },
    catchUp(missed) {
      const heard = new Set(missed.map(({ key }) => key));
      const later = (waiting ?? []).filter(({ key }) => !heard.has(key));
      waiting = undefined;
      for (const { item } of [...missed, ...later]) listen(item);
    },
  };
}

async function missedSince(
  deps: NewsOptions['deps'],
  lastEventId: string | undefined,
  onTrouble: NewsOptions['onTrouble'],
): Promise<readonly Keyed[]> {
  const atMs = momentOf(lastEventId);
  if (atMs === undefined) return [];
  try {
    const missed = await readSince(deps, atMs - OVERLAP_MS);
    return missed.length < MISSED_MAX ? missed : [message('reset', {})];
  } catch (error) {
    // What was missed cannot be read now: everything is read anew when it can be.
    if (awayDependency(error) === undefined) onTrouble(error);
    return [message('reset', {})];
  }
}

/** An event's id is its moment; any other text is no id of ours. */
function momentOf(id: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(id ?? '') ? Number(id) : undefined;
}

function message(event: NewsItem['event'], data: unknown): Keyed {
  return { key: event, atMs: 0, item: { event, data } };
}

/** Everything of a moment or later in the order of its moments; some of it was told before. */
async function readSince(deps: NewsOptions['deps'], fromMs: number): Promise<readonly Keyed[]> {
  const [results, cycles, certificates, actions] = await Promise.all([
    deps.changes.changedSince(fromMs, MISSED_MAX),
    deps.results.cycles(NEWEST_LOOKED_AT),
    deps.supply.certificates({ limit: NEWEST_LOOKED_AT }),
    deps.actions.list({ limit: NEWEST_LOOKED_AT }),
  ]);
  const found = [
    ...results.map(keyedResult),
    ...cycles.flatMap(({ closedAtMs, scoreboard }) =>
      closedAtMs === undefined || scoreboard === undefined
        ? []
        : [keyed('cycle', scoreboard.cycleId, closedAtMs, scoreboardView(scoreboard))],
    ),
    ...certificates.map(({ hash, text }) => {
      const document = JSON.parse(text) as CertificateDocument;
      const view = certificateView({ document, hash });
      return keyed('certificate', String(document.number), document.decidedAtMs, view);
    }),
    ...actions.flatMap(keyedAction),
  ];
  return found
    .filter(({ atMs }) => atMs >= fromMs)
    .sort((one, other) => one.atMs - other.atMs)
    .slice(0, MISSED_MAX);
}

/** Told at its verdict, and again with what only the close knew. */
function keyedResult(result: StoredResult): Keyed {
  const atMs = Math.max(result.decidedAtMs, result.closedAtMs ?? 0);
  const stage = result.closedAtMs === undefined ? 'decided' : 'closed';
  return keyed('result', `${result.testId}/${stage}`, atMs, resultView(result));
}

/** Told when it has ended: only then is anything different. */
function keyedAction({ actionId, end, operation, subject }: StoredAction): readonly Keyed[] {
  if (end === undefined) return [];
  const data = { action: actionId, operation, subject, outcome: end.outcome };
  return [keyed('action', String(actionId), end.atMs, data)];
}

function keyed(event: TimedEvent, name: string, atMs: number, data: unknown): Keyed {
  return { key: `${event}/${name}`, atMs, item: { id: String(atMs), event, data } };
}
