// The event log: filter, fold, auto-tail, and rows that never move under the reader.
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { BoardView } from '../../../src/admin/views/board-view.js';
import {
  counted,
  ENTRIES_MAX,
  type Entry,
  release,
  setFilter,
  setFolded,
  setTail,
  visible,
} from '../event-log.js';
import { clockFraction, dayTime, seconds } from '../format.js';
import { address } from '../live/api.js';
import { holdLog } from '../live/feed.js';
import { log, logRead, serverNowMs } from '../live/store.js';
import { classOf, LOOKS, type Look } from '../outcome.js';
import { Icon, LookIcon, Outcome, word } from '../parts/marks.js';
import { pathLabel } from '../parts/path-name.js';
import { formatRoute } from '../route.js';
import { numberStyle, t, tn } from '../strings/strings.js';
import { cycleLabel } from './cycle-label.js';
import { whatOf } from './what.js';

export function EventLogPanel({ board }: { board: BoardView | undefined }) {
  const { entries, folded } = log.value;
  return (
    <section class="panel log" aria-labelledby="lg">
      <div class="head">
        <h2 id="lg">
          <Fold />
        </h2>
        {!folded && (
          <span class="q lcount">{t('log.kept', { count: entries.length, max: ENTRIES_MAX })}</span>
        )}
        <div class="end">
          <button
            type="button"
            class="chip"
            aria-pressed={log.value.tails}
            onClick={() => {
              log.value = setTail(log.value, !log.value.tails);
            }}
          >
            {t('log.autoTail')}
          </button>
          <a class="btn sm ghost" href={address('/tests/export?format=csv')}>
            {t('log.export')}
          </a>
        </div>
      </div>
      <div id="logbody" hidden={folded}>
        <Chips />
        <Rows board={board} />
      </div>
    </section>
  );
}

function Fold() {
  const { folded, unseen } = log.value;
  return (
    <button
      type="button"
      class="fold"
      aria-expanded={!folded}
      aria-controls="logbody"
      onClick={() => {
        log.value = setFolded(log.value, !folded);
      }}
    >
      <Icon name="chev" />
      {t('log.title')}
      {folded && unseen > 0 && (
        <span class="badge">
          +{unseen}
          <span class="vh"> {t('log.badge', { count: unseen })}</span>
        </span>
      )}
    </button>
  );
}

function Chips() {
  const counts = counted(log.value);
  const { filter } = log.value;
  const looks = LOOKS.filter((look) => counts.has(look) || look === filter);
  return (
    <fieldset class="chips">
      <legend class="vh">{t('log.filter')}</legend>
      <Chip look={undefined} count={log.value.entries.length} />
      {looks.map((look) => (
        <Chip key={look} look={look} count={counts.get(look) ?? 0} />
      ))}
    </fieldset>
  );
}

function Chip({ look, count }: { look: Look | undefined; count: number }) {
  return (
    <button
      type="button"
      class="chip"
      aria-pressed={log.value.filter === look}
      onClick={() => {
        log.value = setFilter(log.value, look);
      }}
    >
      {look !== undefined && <LookIcon look={look} />}
      {look === undefined ? t('log.all') : word(look)} <b>{count}</b>
    </button>
  );
}

function Rows({ board }: { board: BoardView | undefined }) {
  const { dropped, filter, waiting } = log.value;
  const shown = visible(log.value);
  const drawn = useMemo(() => new WeakMap<Entry, DrawnRow>(), []);
  return (
    <section
      class="logbox"
      aria-label={t('log.region')}
      onPointerEnter={() => hold('pointer', true)}
      onPointerLeave={() => hold('pointer', false)}
      onFocusIn={() => hold('focus', true)}
      onFocusOut={() => hold('focus', false)}
    >
      {waiting.length > 0 && (
        <button type="button" class="news" onClick={() => (log.value = release(log.value))}>
          {tn('log.waiting', waiting.length)}
        </button>
      )}
      {shown.length === 0 ? (
        <Nothing board={board} filtered={filter !== undefined} />
      ) : (
        <table class="lt">
          <Head />
          <tbody>
            {shown.map((entry) => rowOf(drawn, entry, whatOf(entry, board)))}
            {dropped && filter === undefined && (
              <tr class="gap">
                <td colSpan={6}>{t('log.dropped')}</td>
              </tr>
            )}
          </tbody>
        </table>
      )}
    </section>
  );
}

const holding = { pointer: false, focus: false };

/** A row under the pointer or with focus never moves: what comes waits until the reader leaves. */
function hold(by: keyof typeof holding, holds: boolean): void {
  holding[by] = holds;
  const isHeld = holding.pointer || holding.focus;
  holdLog(isHeld);
  if (!isHeld && log.value.tails) log.value = release(log.value);
}

function Nothing({ board, filtered }: { board: BoardView | undefined; filtered: boolean }) {
  if (!filtered) {
    if (board === undefined || !logRead.value) return <p class="hint">–</p>;
    const at = dayTime(board.nextCycleAt, serverNowMs.value);
    return <p class="hint">{t('log.empty', { at })}</p>;
  }
  return (
    <p class="hint">
      {t('log.noHit')}{' '}
      <button
        type="button"
        class="btn sm"
        onClick={() => {
          log.value = setFilter(log.value, undefined);
        }}
      >
        {t('log.clear')}
      </button>
    </p>
  );
}

const HEADS = ['time', 'outcome', 'path', 'what', 'latency', 'cycle'] as const;

function Head() {
  return (
    <thead class="vh">
      <tr>
        {HEADS.map((name) => (
          <th key={name} scope="col">
            {t(`log.${name}`)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface DrawnRow {
  readonly what: string;
  readonly row: VNode;
}

/** The board is new every second, two hundred rows are not: what is the same is kept as drawn. */
function rowOf(drawn: WeakMap<Entry, DrawnRow>, entry: Entry, what: string): VNode {
  const before = drawn.get(entry);
  if (before?.what === what) return before.row;
  const row = <Row key={entry.key} entry={entry} what={what} />;
  drawn.set(entry, { what, row });
  return row;
}

function Row({ entry, what }: { entry: Entry; what: string }) {
  const { at, look, result } = entry;
  const name = classOf(look);
  const tint = name === 'fail' ? 'is-fail' : name === 'pass' ? 'q2' : '';
  const href = formatRoute({ page: 'canaries', path: result.pathId, test: result.testId });
  return (
    <tr class={`${tint} ${entry.isNews ? 'came' : ''}`}>
      <td class="t">{clockFraction(at)}</td>
      <td>
        <Outcome look={look} />
      </td>
      <td class="p">
        <a href={href}>{pathLabel(result.pathId)}</a>
      </td>
      <td class="w">{what}</td>
      <td class="num">
        {look === 'correction' ? '' : seconds(result.totalLatencyMs, numberStyle())}
      </td>
      <td class="num q c">{cycleLabel(result.cycleId)}</td>
    </tr>
  );
}
