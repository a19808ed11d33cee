// Lines above the state: what the page has to say about itself, warm-up, pauses, maintenance.
import type { ComponentChildren } from 'preact';
import type { BoardView } from '../../../src/admin/views/board-view.js';
import { openDialog } from '../dialogs/dialog-state.js';
import { clockTime, dayTime, duration } from '../format.js';
import { connect, readAll } from '../live/feed.js';
import { board, connection, readAtMs, serverNowMs, windows } from '../live/store.js';
import type { WindowView } from '../live/windows.js';
import type { Look } from '../outcome.js';
import { LookIcon } from '../parts/marks.js';
import { pathLabel } from '../parts/path-name.js';
import { t } from '../strings/strings.js';
import { pipelineOf } from './pipeline.js';

export function Notices() {
  const { value } = board;
  return (
    <>
      <LinkNotice />
      {value?.away.map(({ reason, store }) => (
        <Notice key={store} look="overdue" title={t('link.awayTitle', { store })}>
          {t('link.awayText', { reason })}
        </Notice>
      ))}
      {value?.warmUp?.active === true && <WarmUpNotice board={value} />}
      {windows.value.map((one) => (
        <WindowNotice key={one.window} window={one} />
      ))}
    </>
  );
}

function Notice({
  look,
  title,
  action,
  children,
}: {
  look: Look;
  title: string;
  action?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="notice">
      <LookIcon look={look} />
      <span>
        <b>{title}</b> {children}
      </span>
      {action}
    </div>
  );
}

/** The connection, wherever it stands above a page. */
export function LinkNotice() {
  const { value } = connection;
  if (value.kind === 'stale') {
    const text = t('link.staleTitle', { age: duration(value.ageMs) });
    return (
      <Notice look="overdue" title={text} action={<TryButton onClick={() => void readAll()} />}>
        {t('link.staleText')}
      </Notice>
    );
  }
  if (value.kind !== 'lost') return null;
  const age = duration(serverNowMs.value - value.sinceMs);
  const read = readAtMs.value;
  const seconds = Math.ceil((value.nextTryInMs ?? 0) / 1_000);
  return (
    <Notice
      look="overdue"
      title={t('link.lostTitle', { age })}
      action={<TryButton onClick={connect} />}
    >
      {read === undefined
        ? t('link.lostNothing')
        : t('link.lostText', { at: clockTime(new Date(read).toISOString()) })}{' '}
      {value.nextTryInMs === undefined ? t('link.trying') : t('link.nextTry', { seconds })}
    </Notice>
  );
}

function TryButton({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" class="btn sm" onClick={onClick}>
      {t('link.tryNow')}
    </button>
  );
}

function WarmUpNotice({ board: known }: { board: BoardView }) {
  const { warmUp } = known;
  const pipeline = pipelineOf(known);
  if (warmUp === undefined) return null;
  return (
    <Notice look="open" title={t('notice.warmUp', { at: clockTime(warmUp.startedAt) })}>
      {t('notice.warmUpText', {
        count: pipeline?.following ?? '–',
        total: pipeline?.total ?? '–',
        latest: clockTime(warmUp.endsAtLatest),
      })}
    </Notice>
  );
}

function WindowNotice({ window }: { window: WindowView }) {
  const { active, by, kind, pathId, reason } = window;
  const said = active ? kind : 'planned';
  const scope = pathId === undefined ? t('notice.everything') : pathLabel(pathId);
  const from = dayTime(window.from, serverNowMs.value);
  const until = dayTime(window.until, serverNowMs.value);
  const ends = () => openDialog(kind === 'pause' ? { kind: 'resume' } : { kind: 'end', window });
  return (
    <Notice
      look={kind === 'pause' ? 'paused' : 'maintenance'}
      title={t(`notice.${said}`, { scope, from, until })}
      action={
        <button type="button" class="btn sm" onClick={ends}>
          {t(kind === 'pause' ? 'notice.resume' : 'notice.end')}
        </button>
      }
    >
      {t('notice.by', { by, reason })} {t(`notice.${said}Text`)}
    </Notice>
  );
}
