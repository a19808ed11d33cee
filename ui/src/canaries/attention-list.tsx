// What needs a person, worst and oldest first; six lines at most, then how many more there are.
import { useState } from 'preact/hooks';
import type { BoardView } from '../../../src/admin/views/board-view.js';
import { openDialog } from '../dialogs/dialog-state.js';
import { clockTime, dayTime, duration } from '../format.js';
import { serverNowMs } from '../live/store.js';
import { classOf } from '../outcome.js';
import { Outcome } from '../parts/marks.js';
import { PathName } from '../parts/path-name.js';
import { formatRoute } from '../route.js';
import { type Attention, attentionOf } from '../state.js';
import { fill } from '../strings/fill.js';
import { t, tn } from '../strings/strings.js';

const SHOWN = 6;

export function AttentionList({ board }: { board: BoardView }) {
  const rows = attentionOf(board);
  const [all, showAll] = useState(false);
  if (rows.length === 0) return null;
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <ul class="att" aria-label={t('att.label')}>
      {shown.map((row) =>
        row.kind === 'path' ? (
          <PathRow key={row.path.pathId} row={row} />
        ) : (
          <FramesRow key={`${row.senderFrame} ${row.receiverFrame}`} row={row} />
        ),
      )}
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

function tintOf({ look, ...row }: Attention): string {
  if (row.kind === 'path' && row.recoveredAt !== undefined) return '';
  const name = classOf(look);
  return name === 'fail' ? 'is-fail' : name === 'warn' ? 'is-warn' : '';
}

function PathRow({ row }: { row: Extract<Attention, { kind: 'path' }> }) {
  const { look, path, recoveredAt, since, tests } = row;
  const [newest] = path.last;
  return (
    <li class={tintOf(row)}>
      <Outcome look={look} />
      <a class="pn" href={formatRoute({ page: 'canaries', path: path.pathId })}>
        <PathName pathId={path.pathId} />
      </a>
      <span class="ds">
        <Missing row={row} /> {tn('att.tests', tests)}
        {recoveredAt === undefined
          ? path.overdue > 0 && `; ${tn('att.overdue', path.overdue)}`
          : `; ${t('att.recovered', { at: clockTime(recoveredAt) })}`}
      </span>
      <Since since={since} recovered={recoveredAt !== undefined} />
      <button
        type="button"
        class="btn sm"
        onClick={() =>
          newest !== undefined && openDialog({ kind: 'acknowledge', testId: worstTest(row) })
        }
      >
        {t('att.acknowledge')}
      </button>
    </li>
  );
}

/** What broke, in words, before how often. */
function Missing({ row }: { row: Extract<Attention, { kind: 'path' }> }) {
  const { path } = row;
  const verdict = path.last.find(({ testId }) => testId === worstTest(row));
  if (verdict?.phase === 'settlement') {
    const phase = fill(t('phaseWords.credit'), { 0: path.receiverFrame });
    return <b>{t('att.missing', { phase: capital(phase) })}</b>;
  }
  return verdict?.reason === undefined ? null : <b>{capital(verdict.reason)}.</b>;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The newest test that looks as the line says. */
function worstTest({ path, recoveredAt }: Extract<Attention, { kind: 'path' }>): string {
  const index =
    recoveredAt === undefined
      ? 0
      : path.last.findIndex(({ decidedAt }) => decidedAt === recoveredAt) + 1;
  return path.last[index]?.testId ?? '';
}

function FramesRow({ row }: { row: Extract<Attention, { kind: 'frames' }> }) {
  const { look, paths, receiverFrame: to, senderFrame: from, since } = row;
  return (
    <li class={tintOf(row)}>
      <Outcome look={look} />
      <span class="pn">{t('att.frames', { from, to })}</span>
      <span class="ds">
        <b>{tn('att.framesText', paths)}</b>
      </span>
      <Since since={since} recovered={false} />
    </li>
  );
}

function Since({ since, recovered }: { since: string | undefined; recovered: boolean }) {
  if (since === undefined) return <span class="since">–</span>;
  const now = serverNowMs.value;
  const at = dayTime(since, now);
  const text = recovered
    ? t('att.recoveredShort', { at })
    : t('att.since', { at, age: duration(now - Date.parse(since)) });
  return <span class="since">{text}</span>;
}
