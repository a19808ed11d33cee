// Keeps the store fresh: reads what the open page shows, follows the stream, comes back by itself.
import { effect } from '@preact/signals';
import type { AttentionView } from '../../../src/admin/views/attention-view.js';
import type { AuditorView } from '../../../src/admin/views/auditor-view.js';
import type { BoardView } from '../../../src/admin/views/board-view.js';
import type { ResultView } from '../../../src/admin/views/result-view.js';
import type { TestView } from '../../../src/admin/views/test-view.js';
import { READ_EVERY_MS, retryWaitMs } from '../connection.js';
import { ENTRIES_MAX, seen } from '../event-log.js';
import { parseRoute } from '../route.js';
import { nowMs } from '../system-clock.js';
import { type Reply, read } from './api.js';
import { createOrder } from './in-order.js';
import * as store from './store.js';
import { openStream, type Stream } from './stream.js';
import type { WindowView } from './windows.js';

const TICK_MS = 1_000;
/** Many events in a burst are one reading. */
const GATHER_MS = 800;
/** No such address, or no such value of a field. */
const NOWHERE: readonly number[] = [404, 422];
/** Of results; a list holds no more. */
const PAGE = 100;
/** A result is in the log so soon. */
const ARRIVED_MS = 150;
export const HISTORY_SHOWN = 60;

const beginCanaries = createOrder();
const beginAuditor = createOrder();

let stream: Stream | undefined;
let tries = 0;
/** The reading that the page begins with, until it has its answer. */
let firstReading: Promise<void> | undefined;
let gathering: ReturnType<typeof setTimeout> | undefined;
let arrived: ResultView[] = [];
let logHeld = false;
/** The test that the address asks for, or the newest of its path. */
let wantedTestId: string | undefined;

/** Called once; runs as long as the page. */
export function start(): void {
  setInterval(tick, TICK_MS);
  addEventListener('hashchange', () => {
    store.route.value = parseRoute(location.hash);
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void readAll();
  });
  readOnTurning();
  followPath();
  connect();
}

/** What the other page shows is as old as the reader's last look at it. */
function readOnTurning(): void {
  let { page } = store.route.value;
  effect(() => {
    const { value } = store.route;
    if (value.page === page) return;
    page = value.page;
    void readAll();
  });
}

function tick(): void {
  const now = nowMs();
  store.tickMs.value = now;
  const due = store.nextTryAtMs.value;
  if (due !== undefined && now >= due) connect();
  const readAt = store.readAtMs.value;
  const isOld = readAt !== undefined && now - readAt >= READ_EVERY_MS;
  if (isOld && now % READ_EVERY_MS < TICK_MS && !document.hidden) void readAll();
}

/** Tries at once, whenever the next try is due. */
export function connect(): void {
  stream?.close();
  store.nextTryAtMs.value = undefined;
  stream = openStream({ onOpen, onEvent, onLost });
  if (store.board.value !== undefined) return;
  firstReading = readPage().finally(() => {
    firstReading = undefined;
  });
}

function onOpen(): void {
  tries = 0;
  store.lostAtMs.value = undefined;
  if (firstReading === undefined) {
    void readAll();
    // What was missed while away finds its place by time.
    void readLog();
  } else {
    // What changed since that reading began is read later: the scoreboard is to be drawn first.
    gather();
    void firstReading.then(readLog);
  }
}

function onLost(): void {
  const now = nowMs();
  store.lostAtMs.value ??= now;
  store.nextTryAtMs.value = now + retryWaitMs(tries, Math.random());
  tries += 1;
}

function onEvent(event: string, data: string): void {
  if (event === 'result') {
    const result = JSON.parse(data) as ResultView;
    if (arrived.length === 0) setTimeout(keepArrived, ARRIVED_MS);
    arrived.push(result);
    freshenPath(result);
  }
  // More was missed than the server tells again: the newest are read anew.
  if (event === 'reset') void readLog();
  if (event === 'certificate' && store.route.value.page !== 'auditor') return;
  gather();
}

function gather(): void {
  if (gathering !== undefined) return;
  gathering = setTimeout(() => {
    gathering = undefined;
    if (!document.hidden) void readAll();
  }, GATHER_MS);
}

/** The log is sorted and drawn once for all results of a burst. */
function keepArrived(): void {
  store.log.value = seen(store.log.value, arrived, logHeld);
  arrived = [];
}

/** While a reader points at the log or is in it, no row of it may move. */
export function holdLog(holds: boolean): void {
  logHeld = holds;
}

export async function readAll(): Promise<void> {
  await Promise.all([readPage(), readUnread()]);
}

async function readPage(): Promise<void> {
  const page = store.route.value.page === 'auditor' ? readAuditor() : readCanaries();
  await Promise.all([page, store.me.value === undefined ? readMe() : undefined]);
}

/** What was asked for once and had no answer: a lost server, or nobody signed in. */
async function readUnread(): Promise<void> {
  const { value } = store.route;
  if (value.page !== 'canaries') return;
  const { history, logRead, test } = store;
  const path = history.value.kind === 'loading' ? value.path : undefined;
  const testId = test.value.kind === 'loading' ? wantedTestId : undefined;
  await Promise.all([
    logRead.value ? undefined : readLog(),
    path === undefined ? undefined : readHistory(path),
    testId === undefined ? undefined : readTest(testId),
  ]);
}

/** After an action: what it changed may be the very test that is open. */
export async function readAgain(): Promise<void> {
  const { value } = store.test;
  await Promise.all([readAll(), value.kind === 'ready' ? readTest(value.value.testId) : undefined]);
}

async function readCanaries(): Promise<void> {
  const isNewest = beginCanaries();
  const [board, attention, pauses, maintenance] = await Promise.all([
    read<BoardView>('/board'),
    read<{ readonly attention: readonly AttentionView[] }>('/attention'),
    read<{ readonly pauses: readonly Omit<WindowView, 'kind'>[] }>('/pauses'),
    read<{ readonly windows: readonly Omit<WindowView, 'kind'>[] }>('/maintenance'),
  ]);
  const value = answered(board);
  if (value === undefined || !isNewest()) return;
  store.keepCanaries(value, {
    attention: attention.kind === 'ok' ? attention.value.attention : undefined,
    windows:
      pauses.kind === 'ok' && maintenance.kind === 'ok'
        ? [
            ...pauses.value.pauses.map((one) => ({ ...one, kind: 'pause' as const })),
            ...maintenance.value.windows.map((one) => ({ ...one, kind: 'maintenance' as const })),
          ]
        : undefined,
  });
}

async function readAuditor(): Promise<void> {
  const isNewest = beginAuditor();
  const value = answered(await read<AuditorView>('/auditor'));
  if (value !== undefined && isNewest()) store.keepAuditor(value);
}

async function readMe(): Promise<void> {
  const value = answered(await read<store.Me>('/me'));
  if (value !== undefined) store.me.value = value;
}

/** The newest of all, and failures further back, which are kept longer. */
async function readLog(): Promise<void> {
  const filters = ['&outcome=failed', '&outcome=observer', '&outcome=inconclusive'];
  const further = filters.map((filter) => read<ResultsPage>(`/tests?limit=20${filter}`));
  const replies = [...(await readNewest()), ...(await Promise.all(further))];
  const results = replies.flatMap((reply) => (reply.kind === 'ok' ? reply.value.results : []));
  store.log.value = seen(store.log.value, results, logHeld);
  if (replies.every(({ kind }) => kind === 'ok')) store.logRead.value = true;
}

interface ResultsPage {
  readonly results: readonly ResultView[];
  readonly nextCursor?: string | undefined;
}

/** As many as the log keeps, page by page. */
async function readNewest(): Promise<readonly Reply<ResultsPage>[]> {
  const replies: Reply<ResultsPage>[] = [];
  let cursor: string | undefined = '';
  for (let left = ENTRIES_MAX; left > 0 && cursor !== undefined; left -= PAGE) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const reply: Reply<ResultsPage> = await read<ResultsPage>(`/tests?limit=${PAGE}${from}`);
    replies.push(reply);
    cursor = reply.kind === 'ok' ? reply.value.nextCursor : undefined;
  }
  return replies;
}

/** Follows the address: the history of the open path, and one test of it. */
function followPath(): void {
  let path: string | undefined;
  effect(() => {
    const { value } = store.route;
    if (value.page !== 'canaries') return;
    if (value.path !== path) {
      path = value.path;
      store.history.value = { kind: 'loading' };
      if (path !== undefined) void readHistory(path);
    }
    const newest = store.history.value.kind === 'ready' ? store.history.value.value[0] : undefined;
    const wanted = path === undefined ? undefined : (value.test ?? newest?.testId);
    if (wanted === wantedTestId) return;
    wantedTestId = wanted;
    store.test.value = { kind: 'loading' };
    if (wanted !== undefined) void readTest(wanted);
  });
}

function freshenPath(result: ResultView): void {
  const { value } = store.route;
  if (value.page !== 'canaries' || value.path !== result.pathId) return;
  void readHistory(result.pathId);
  const shown = store.test.value;
  if (shown.kind === 'ready' && shown.value.testId === result.testId) void readTest(result.testId);
}

async function readHistory(path: string): Promise<void> {
  const query = `path=${encodeURIComponent(path)}&limit=${HISTORY_SHOWN}`;
  const reply = await read<{ readonly results: readonly ResultView[] }>(`/tests?${query}`);
  const { value } = store.route;
  if (value.page !== 'canaries' || value.path !== path) return;
  const results = answered(reply)?.results;
  if (results !== undefined) store.history.value = { kind: 'ready', value: results };
  else if (isNowhere(reply)) store.history.value = { kind: 'missing' };
}

async function readTest(testId: string): Promise<void> {
  const reply = await read<TestView>(`/tests/${encodeURIComponent(testId)}`);
  // The reader may have gone on to another test meanwhile.
  if (testId !== wantedTestId) return;
  const value = answered(reply);
  if (value !== undefined) store.test.value = { kind: 'ready', value };
  else if (isNowhere(reply)) store.test.value = { kind: 'missing' };
}

/** Any other refusal says nothing about the thing: it is asked for again. */
function isNowhere(reply: Reply<unknown>): boolean {
  return reply.kind === 'problem' && NOWHERE.includes(reply.problem.status);
}

/** The value of a reading; a refusal for want of a token asks for one. */
function answered<T>(reply: Reply<T>): T | undefined {
  if (reply.kind === 'problem' && reply.problem.status === 401) store.needsSignIn.value = true;
  return reply.kind === 'ok' ? reply.value : undefined;
}
