// What the page shows, as signals: read over HTTP, kept fresh by the stream.
import { batch, computed, signal } from '@preact/signals';
import type { AttentionView } from '../../../src/admin/views/attention-view.js';
import type { AuditorView } from '../../../src/admin/views/auditor-view.js';
import type { BoardView } from '../../../src/admin/views/board-view.js';
import type { ResultView } from '../../../src/admin/views/result-view.js';
import type { TestView } from '../../../src/admin/views/test-view.js';
import { connectionOf } from '../connection.js';
import { EMPTY_LOG, type EventLog } from '../event-log.js';
import { formatRoute, type KnownRoute, parseRoute, type Route } from '../route.js';
import { type Scene, stateOf } from '../state.js';
import { nowMs } from '../system-clock.js';
import type { WindowView } from './windows.js';

export interface Me {
  readonly name: string;
  readonly role: 'read' | 'operate' | 'admin';
  /** Known by what this browser keeps: there is something to sign out of. */
  readonly session: boolean;
}

/** One thing that is read by its own address. */
export type Loaded<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly value: T }
  | { readonly kind: 'missing' };

export const board = signal<BoardView | undefined>(undefined);
export const auditor = signal<AuditorView | undefined>(undefined);
/** Worst and oldest first; open until somebody has seen it. */
export const attention = signal<readonly AttentionView[]>([]);
export const log = signal<EventLog>(EMPTY_LOG);
/** Whether the log holds what the server had: before, it is not empty but unread. */
export const logRead = signal(false);
export const me = signal<Me | undefined>(undefined);
export const windows = signal<readonly WindowView[]>([]);
export const needsSignIn = signal(false);
/** A defect of the page was met: it shows nothing any more. */
export const isBroken = signal(false);

/** The path that is open: its newest results, the newest first. */
export const history = signal<Loaded<readonly ResultView[]>>({ kind: 'loading' });
export const test = signal<Loaded<TestView>>({ kind: 'loading' });

export const route = signal<Route>(parseRoute(location.hash));

/**
 * Moves to a place of the page. The browser tells of a new address only later, and a key pressed
 * until then must already start from the new place.
 */
export function goTo(place: KnownRoute): void {
  location.hash = formatRoute(place);
  route.value = place;
}

/** By the page's own clock; moves once a second. */
export const tickMs = signal(nowMs());
export const readAtMs = signal<number | undefined>(undefined);
export const lostAtMs = signal<number | undefined>(undefined);
export const nextTryAtMs = signal<number | undefined>(undefined);
/** What the server's clock is ahead of ours by. */
const aheadMs = signal(0);

/** Now, as the server counts it: ages are right whatever the reader's clock says. */
export const serverNowMs = computed(() => tickMs.value + aheadMs.value);

/** What the canaries are judged by; `undefined` before the first answer. */
export const scene = computed<Scene | undefined>(() =>
  board.value === undefined
    ? undefined
    : { board: board.value, attention: attention.value, windows: windows.value },
);

export const state = computed(() => scene.value && stateOf(scene.value, serverNowMs.value));

export const connection = computed(() =>
  connectionOf({
    nowMs: tickMs.value,
    readAtMs: readAtMs.value,
    lostAtMs: lostAtMs.value,
    nextTryAtMs: nextTryAtMs.value,
  }),
);

/** A whole answer has come; what did not come with it stays as it was. */
export function keepCanaries(
  value: BoardView,
  beside: {
    readonly attention: readonly AttentionView[] | undefined;
    readonly windows: readonly WindowView[] | undefined;
  },
): void {
  batch(() => {
    board.value = value;
    attention.value = beside.attention ?? attention.value;
    windows.value = beside.windows ?? windows.value;
    noteRead(value.at);
  });
}

export function keepAuditor(value: AuditorView): void {
  batch(() => {
    auditor.value = value;
    noteRead(value.at);
  });
}

function noteRead(at: string): void {
  const now = nowMs();
  readAtMs.value = now;
  tickMs.value = now;
  aheadMs.value = Date.parse(at) - now;
}
