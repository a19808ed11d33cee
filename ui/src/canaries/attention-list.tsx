// What needs a person, worst and oldest first, as the reactor itself lists it; six lines at most,
// then how many more there are.
import { useState } from 'preact/hooks';
import type { AttentionView } from '../../../src/admin/views/attention-view.js';
import type { BoardView } from '../../../src/admin/views/board-view.js';
import { openDialog } from '../dialogs/dialog-state.js';
import { dayTime, duration } from '../format.js';
import { attention, serverNowMs } from '../live/store.js';
import { attentionLook, classOf } from '../outcome.js';
import { Outcome } from '../parts/marks.js';
import { PathName, pathLabel } from '../parts/path-name.js';
import { formatRoute } from '../route.js';
import { fill } from '../strings/fill.js';
import { t, tn } from '../strings/strings.js';

const SHOWN = 6;

export function AttentionList({ board }: { board: BoardView }) {
  const rows = attention.value;
  const [all, showAll] = useState(false);
  if (rows.length === 0) return null;
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <ul class="att" aria-label={t('att.label')}>
      {shown.map((row) => (
        <AttentionRow key={row.frame ?? row.last.pathId} row={row} board={board} />
      ))}
      {shown.length < rows.length && (
        <li>
          <button type="button" class="btn ghost sm more" onClick={() => showAll(true)}>
            {tn('att.more', rows.length - shown.length)}
          </button>
        </li>
      )}
    </ul>
  );
}

/** Red until it passes again; without its tint once somebody has seen it. */
function tintOf({ acknowledged, failing, last }: AttentionView): string {
  if (!failing || acknowledged !== undefined) return '';
  const name = classOf(attentionLook(last));
  return name === 'fail' ? 'is-fail' : name === 'warn' ? 'is-warn' : '';
}

function AttentionRow({ row, board }: { row: AttentionView; board: BoardView }) {
  const { acknowledged, failing, frame, last, pathIds } = row;
  const { pathId, testId } = last;
  const what = frame === undefined ? pathLabel(pathId) : t('att.frame', { frame });
  const missing =
    frame === undefined ? missingOf(row, board) : tn('att.framesText', pathIds.length);
  return (
    <li class={tintOf(row)}>
      <Outcome look={attentionLook(last)} />
      <a class="pn" href={formatRoute({ page: 'canaries', path: pathId, test: testId })}>
        {frame === undefined ? <PathName pathId={pathId} /> : what}
      </a>
      <span class="ds">
        <b>{missing}</b>{' '}
        {failing
          ? tn('att.tests', row.failingTests)
          : `${tn('att.tests', row.openTests)}; ${t('att.recovered')}`}
        {failing && overdueText(row, board)}
        {acknowledged !== undefined && <> {t('att.seen', acknowledged)}</>}
      </span>
      <Since row={row} />
      {acknowledged === undefined && (
        <button
          type="button"
          class="btn sm"
          onClick={() => openDialog({ kind: 'acknowledgePaths', pathIds, what })}
        >
          {t('att.acknowledge')}
        </button>
      )}
    </li>
  );
}

/** What broke, in words, before how often. */
function missingOf({ last }: AttentionView, { paths }: BoardView): string {
  const path = paths.find(({ pathId }) => pathId === last.pathId);
  if (last.phase === 'settlement' && path !== undefined) {
    const phase = fill(t('phaseWords.credit'), { 0: path.receiverFrame });
    return t('att.missing', { phase: capital(phase) });
  }
  if (last.reason !== '') return `${capital(last.reason)}.`;
  return last.absent.length === 0 ? '' : t('att.absent', { what: last.absent.join(', ') });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function overdueText({ pathIds }: AttentionView, { paths }: BoardView): string {
  const overdue = paths
    .filter(({ pathId }) => pathIds.includes(pathId))
    .reduce((sum, path) => sum + path.overdue, 0);
  return overdue === 0 ? '' : `; ${tn('att.overdue', overdue)}`;
}

function Since({ row: { failing, since } }: { row: AttentionView }) {
  const now = serverNowMs.value;
  const at = dayTime(since, now);
  const text = failing
    ? t('att.since', { at, age: duration(now - Date.parse(since)) })
    : t('att.recoveredShort', { at });
  return <span class="since">{text}</span>;
}
