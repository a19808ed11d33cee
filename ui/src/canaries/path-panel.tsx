// The open path: its figures, its latency over the last tests, and one test in full.
import { useEffect, useRef } from 'preact/hooks';
import type { BoardPathView, BoardView } from '../../../src/admin/views/board-view.js';
import { openDialog } from '../dialogs/dialog-state.js';
import { dayTime, percent, seatsOf, seconds, shortAmount } from '../format.js';
import { closePath } from '../keys.js';
import { history, serverNowMs, windows } from '../live/store.js';
import { windowOver } from '../live/windows.js';
import { Icon } from '../parts/marks.js';
import { PathName } from '../parts/path-name.js';
import { formatRoute } from '../route.js';
import { numberStyle, t } from '../strings/strings.js';
import { LatencyFigure } from './latency-figure.js';
import { TestSection } from './test-section.js';

/** As in canaries.css. */
const COVERS_ALL = '(max-width: 44rem)';

export function PathPanel({ pathId, board }: { pathId: string; board: BoardView | undefined }) {
  const path = board?.paths.find((one) => one.pathId === pathId);
  return (
    <article class="panel dr" aria-label={t('path.label')}>
      <PanelHead pathId={pathId} known={path !== undefined} />
      {board !== undefined && path === undefined && (
        <p class="hint">{t('path.unknown', { path: pathId })}</p>
      )}
      {board !== undefined && path !== undefined && (
        <>
          <div class="glance">
            <Figures board={board} path={path} />
            <LatencyFigure board={board} path={path} />
          </div>
          {isUnfired() ? (
            <p class="hint">
              {t('path.noTest', { at: dayTime(board.nextCycleAt, serverNowMs.value) })}
            </p>
          ) : (
            <TestSection board={board} path={path} />
          )}
        </>
      )}
    </article>
  );
}

function isUnfired(): boolean {
  const { value } = history;
  return value.kind === 'ready' && value.value.length === 0;
}

function PanelHead({ pathId, known }: { pathId: string; known: boolean }) {
  const paused = windowOver(windows.value, 'pause', pathId) !== undefined;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // On a phone the panel covers everything: who reads on must not stay beneath it.
    if (matchMedia(COVERS_ALL).matches) heading.current?.focus();
  }, []);
  return (
    <header class="head">
      <h2 ref={heading} tabIndex={-1}>
        <PathName pathId={pathId} />
      </h2>
      <div class="end">
        {known && (
          <>
            <button
              type="button"
              class="btn sm"
              onClick={() => openDialog({ kind: 'fire', pathId })}
            >
              {t('path.fire')}
            </button>
            <button
              type="button"
              class="btn sm"
              onClick={() => openDialog({ kind: paused ? 'resume' : 'pause', pathId })}
            >
              {t(paused ? 'path.resume' : 'path.pause')}
            </button>
          </>
        )}
        <a
          class="btn ghost sm"
          href={formatRoute({ page: 'canaries' })}
          aria-label={t('path.close')}
          onClick={(event) => {
            event.preventDefault();
            closePath();
          }}
        >
          <Icon name="x" />
        </a>
      </div>
    </header>
  );
}

function Figures({ board, path }: { board: BoardView; path: BoardPathView }) {
  const style = numberStyle();
  const agent = board.agents.find((one) => one.agent === path.sender);
  const { sender } = seatsOf(path.pathId);
  const money = (text: string | undefined) => (text === undefined ? '–' : shortAmount(text, style));
  const pair = (one: number | undefined, other: number | undefined) =>
    `${seconds(one, style)}; ${seconds(other, style)} s`;
  return (
    <dl class="mini">
      <Figure name={t('path.passed')} value={`${percent(path.passed, path.of, style)} %`} />
      <Figure name={t('path.latency')} value={pair(path.p50Ms, path.p95Ms)} />
      <Figure name={t('path.committed')} value={pair(path.committedP50Ms, path.committedP95Ms)} />
      <Figure name={t('path.share')} value={`${seconds(path.observerShareP50Ms, style, 3)} s`} />
      <Figure name={t('path.float', { agent: sender })} value={money(agent?.available)} />
      <Figure name={t('path.held')} value={money(agent?.held)} />
    </dl>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
