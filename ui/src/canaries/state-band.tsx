// The state band: the one sentence, the strip of cycles, what needs a person, and the facts.
import type { BoardView } from '../../../src/admin/views/board-view.js';
import { dayTime, duration } from '../format.js';
import { serverNowMs, state as stateNow } from '../live/store.js';
import type { Look } from '../outcome.js';
import { LookIcon, word } from '../parts/marks.js';
import { isFailingPath, lastClosedCycle, type Scene, type State, standingLook } from '../state.js';
import { t, tn } from '../strings/strings.js';
import { AttentionList } from './attention-list.js';
import { CycleStrip } from './cycle-strip.js';
import { Facts } from './facts.js';

export function StateBand({ scene }: { scene: Scene | undefined }) {
  const board = scene?.board;
  const state = stateNow.value;
  return (
    <section class={`panel state ${tintOf(state)}`} aria-label={t('state.label')}>
      <div class="state-top">
        <Say scene={scene} state={state} />
        <CycleStrip board={board} state={state} />
      </div>
      {board !== undefined && <AttentionList board={board} />}
      <Facts board={board} />
    </section>
  );
}

function tintOf(state: State | undefined): string {
  if (state?.kind === 'failing') return 'is-fail';
  return state?.kind === 'unclean' || state?.kind === 'silent' ? 'is-warn' : '';
}

function Say({ scene, state }: { scene: Scene | undefined; state: State | undefined }) {
  if (scene === undefined || state === undefined) {
    return (
      <div class="say">
        <LookIcon look="open" className="i30" />
        <h2>{t('state.loading')}</h2>
        <p>–</p>
      </div>
    );
  }
  const { board } = scene;
  return (
    <div class="say">
      <LookIcon look={iconOf(state, scene)} className="i30" />
      <h2>{sentenceOf(state, board)}</h2>
      <p>
        {detailOf(state, board)} {lastCycle(board)}
      </p>
    </div>
  );
}

const ICONS = {
  empty: 'open',
  silent: 'overdue',
  unclean: 'degraded',
  paused: 'paused',
  excused: 'maintenance',
  passing: 'passed',
} as const satisfies Record<Exclude<State['kind'], 'failing'>, Look>;

function iconOf(state: State, scene: Scene): Look {
  if (state.kind !== 'failing') return ICONS[state.kind];
  const failing = scene.board.paths.find((path) => isFailingPath(path, scene));
  return (failing && standingLook(failing, scene)) ?? 'timeout';
}

function sentenceOf(state: State, { away, paths }: BoardView): string {
  const total = paths.length;
  if (state.kind === 'failing') return tn('state.failing', state.failing, { total });
  if (state.kind === 'unclean') return tn('state.unclean', state.unclean, { total });
  if (state.kind === 'excused') return tn('state.excused', state.excused, { total });
  if (state.kind === 'passing') return t('state.passing', { total: total - state.paused });
  if (state.kind === 'paused') return t('state.paused', { total });
  if (state.kind === 'silent') return t('state.silent');
  return t(away.some(({ store }) => store === 'postgres') ? 'state.unknown' : 'state.empty');
}

function detailOf(state: State, board: BoardView): string {
  const now = serverNowMs.value;
  const since = (ms: number) => ({
    age: duration(now - ms),
    at: dayTime(new Date(ms).toISOString(), now),
  });
  if (state.kind === 'failing' && state.sinceMs !== undefined) {
    return t('state.failingSince', since(state.sinceMs));
  }
  if (state.kind === 'silent') return t('state.silentText', since(state.sinceMs));
  if (state.kind === 'excused') return t('state.excusedText');
  if (state.kind === 'passing' && state.paused > 0) return tn('state.besides', state.paused);
  if (state.kind !== 'empty' || board.away.length > 0) return '';
  return t('state.emptyText', { at: dayTime(board.nextCycleAt, now) });
}

function lastCycle(board: BoardView): string {
  const closed = lastClosedCycle(board);
  if (closed?.outcomes === undefined) return board.away.length > 0 ? '' : t('state.noCycle');
  const { outcomes, planned } = closed;
  const others = [
    ...(outcomes.failed > 0 ? [`${outcomes.failed} ${signals(closed)}`] : []),
    ...(['observer', 'inconclusive', 'unpaid'] as const)
      .filter((outcome) => outcomes[outcome] > 0)
      .map((outcome) => `${outcomes[outcome]} ${word(outcome).toLowerCase()}`),
    ...(['degraded', 'late'] as const)
      .filter((flag) => (closed[flag] ?? 0) > 0)
      .map((flag) => `${closed[flag]} ${word(flag).toLowerCase()}`),
  ];
  const passed = `${outcomes.passed} / ${planned} ${word('passed').toLowerCase()}`;
  return t('state.lastCycle', { summary: [passed, ...others].join(', ') });
}

function signals({ failureSignals = [] }: BoardView['cycles'][number]): string {
  return failureSignals.map((signal) => word(signal).toLowerCase()).join(' / ');
}
