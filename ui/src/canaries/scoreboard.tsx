// The matrix: a row for each sending agent with its float, a column for each receiving registry, a
// line for each path. One stop of the Tab key; arrows move in it.
import { signal } from '@preact/signals';
import type { BoardPathView, BoardView } from '../../../src/admin/views/board-view.js';
import { daysLeft, seatsOf, shortAmount } from '../format.js';
import { scene } from '../live/store.js';
import type { Look } from '../outcome.js';
import { Mark, word } from '../parts/marks.js';
import { isCleanPath, type Scene } from '../state.js';
import { numberStyle, t } from '../strings/strings.js';
import { FrameMatrix } from './frame-matrix.js';
import { columnsOf, moveIn, pathsFrom, REGISTRIES_MAX, receiversOf } from './matrix.js';
import { PathLine } from './path-line.js';

/** Nobody plans further ahead. */
const DAYS_MAX = 999;
const onlyUnclean = signal(false);
const LEGEND: readonly Look[] = [
  'passed',
  'late',
  'degraded',
  'timeout',
  'observer',
  'open',
  'overdue',
];

export function Scoreboard({
  board,
  selected,
}: {
  board: BoardView | undefined;
  selected: string | undefined;
}) {
  const known = scene.value;
  const unclean = known?.board.paths.filter((path) => !isCleanPath(path, known)).length ?? 0;
  const only = onlyUnclean.value;
  return (
    <section class="panel board" aria-labelledby="sb">
      <div class="head">
        <h2 id="sb">{t('board.title')}</h2>
        <span class="q sub">{t('board.sub')}</span>
        <fieldset class="end seg">
          <legend class="vh">{t('board.which')}</legend>
          <Choice
            on={!only}
            value={false}
            text={t('board.all', { count: board?.paths.length ?? '–' })}
          />
          <Choice on={only} value={true} text={t('board.unclean', { count: unclean })} />
        </fieldset>
      </div>
      {known !== undefined && <Paths scene={known} selected={selected} only={only} />}
      {only && unclean === 0 && (
        <p class="hint">
          {t('board.nothing')}{' '}
          <button type="button" class="btn sm" onClick={() => (onlyUnclean.value = false)}>
            {t('board.showAll')}
          </button>
        </p>
      )}
      <p class="leg" aria-hidden="true">
        {LEGEND.map((look) => (
          <span key={look}>
            <Mark look={look} />
            {word(look).toLowerCase()}
          </span>
        ))}
        <span class="newest">{t('board.newest')}</span>
      </p>
    </section>
  );
}

function Paths(props: { scene: Scene; selected: string | undefined; only: boolean }) {
  const { board } = props.scene;
  const registries = board.shape.frames.flatMap((frame) => frame.registries);
  if (registries.length > REGISTRIES_MAX) return <FrameMatrix {...props} />;
  return <Matrix board={board} selected={props.selected} only={props.only} />;
}

function Choice({ on, value, text }: { on: boolean; value: boolean; text: string }) {
  return (
    <button type="button" aria-pressed={on} onClick={() => (onlyUnclean.value = value)}>
      {text}
    </button>
  );
}

function Matrix({
  board,
  selected,
  only,
}: {
  board: BoardView;
  selected: string | undefined;
  only: boolean;
}) {
  const columns = receiversOf(board.paths);
  const stop = selected ?? board.paths[0]?.pathId;
  return (
    <div class="mxbox" ref={(box) => box?.style.setProperty('--columns', String(columns.length))}>
      <table
        class={`mx ${only ? 'only' : ''}`}
        aria-label={t('board.label')}
        onKeyDown={(event) => moveFocus(event, board.paths)}
      >
        <thead>
          <tr>
            <th scope="col">
              <span>{t('board.sender')}</span>
            </th>
            {columns.map((registry) => (
              <ColumnHead key={registry} registry={registry} />
            ))}
          </tr>
        </thead>
        <tbody>
          {board.agents
            .filter(({ agent }) => pathsFrom(board.paths, agent).length > 0)
            .map((agent, index, agents) => (
              <AgentRow
                key={agent.agent}
                agent={agent}
                isFirst={agents[index - 1]?.registry !== agent.registry}
                cells={columnsOf(pathsFrom(board.paths, agent.agent), columns)}
                selected={selected}
                stop={stop}
              />
            ))}
        </tbody>
      </table>
    </div>
  );
}

function ColumnHead({ registry }: { registry: string }) {
  return (
    <th scope="col">
      <div class="ch">
        <b>{t('board.to', { registry })}</b>
        <span class="u1">{t('board.last', { count: 12 })}</span>
        <span class="u2">{t('board.pass')}</span>
        <span class="u3">p50</span>
        <span class="u4">p95</span>
      </div>
    </th>
  );
}

function AgentRow({
  agent,
  isFirst,
  cells,
  selected,
  stop,
}: {
  agent: BoardView['agents'][number];
  isFirst: boolean;
  cells: readonly (readonly BoardPathView[])[];
  selected: string | undefined;
  stop: string | undefined;
}) {
  const [path] = cells.flat();
  return (
    <tr class={isFirst ? 'grp' : ''}>
      <th scope="row">
        <b>{path === undefined ? agent.agent : seatsOf(path.pathId).sender}</b>
        <FloatText agent={agent} />
      </th>
      {cells.map((paths) => (
        <td key={paths[0]?.receiverRegistry ?? 'none'}>
          {paths.map((one) => (
            <PathLine
              key={one.pathId}
              path={one}
              selected={one.pathId === selected}
              isStop={one.pathId === stop}
            />
          ))}
        </td>
      ))}
    </tr>
  );
}

function FloatText({ agent }: { agent: BoardView['agents'][number] }) {
  const { available, feesPerDay } = agent;
  if (available === undefined) return <span class="fl">–</span>;
  const days = daysLeft(available, feesPerDay);
  const shown = days === undefined || days <= DAYS_MAX ? days : `> ${DAYS_MAX}`;
  const title = shown === undefined ? undefined : t('board.float', { days: shown });
  return (
    <>
      <span class="fl" title={title}>
        {shortAmount(available, numberStyle())}
        <i> AVT</i>
      </span>
      {shown !== undefined && <span class="rw">{t('board.daysLeft', { days: shown })}</span>}
    </>
  );
}

function moveFocus(event: KeyboardEvent, paths: readonly BoardPathView[]): void {
  const { target } = event;
  const current = target instanceof HTMLElement ? target.dataset.path : undefined;
  const next = current === undefined ? undefined : moveIn(paths, current, event.key);
  if (next === undefined) return;
  event.preventDefault();
  document.querySelector<HTMLElement>(`[data-path="${CSS.escape(next)}"]`)?.focus();
}
