// The facts in a row: every number that tells how the reactor itself does.
import type { ComponentChildren } from 'preact';
import type { BoardView } from '../../../src/admin/views/board-view.js';
import { dayTime, duration, fixed, percent, seconds, whole } from '../format.js';
import { serverNowMs } from '../live/store.js';
import { lastClosedCycle } from '../state.js';
import { numberStyle, t } from '../strings/strings.js';
import { cycleLabel } from './cycle-label.js';
import { pipelineOf } from './pipeline.js';

export function Facts({ board }: { board: BoardView | undefined }) {
  return (
    <dl class="facts">
      <LastCycle board={board} />
      <Firing board={board} />
      <OpenTests board={board} />
      <Passed board={board} />
      <Latency board={board} />
      <Validators board={board} />
      <WarmUp board={board} />
    </dl>
  );
}

interface Known {
  readonly board: BoardView | undefined;
}

/** Dashes stand where numbers will, so that nothing jumps when they come. */
function Fact({
  name,
  small = '–',
  warn = false,
  children,
}: {
  name: string;
  small?: ComponentChildren;
  warn?: boolean;
  children: ComponentChildren;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={warn ? 'warn' : ''}>
        {children}
        <small>{small}</small>
      </dd>
    </div>
  );
}

function LastCycle({ board }: Known) {
  const closed = board && lastClosedCycle(board);
  const counts = Object.values(closed?.outcomes ?? {});
  const judged = counts.reduce((sum, count) => sum + count, 0);
  return (
    <Fact
      name={t('facts.lastCycle')}
      small={closed && t('facts.judged', { judged, planned: closed.planned })}
    >
      {closed === undefined ? '–' : cycleLabel(closed.cycleId)}
    </Fact>
  );
}

function Firing({ board }: Known) {
  if (board === undefined) return <Fact name={t('facts.firing')}>–</Fact>;
  const { firing, nextCycleAt } = board;
  const wait = duration(Math.max(0, Date.parse(nextCycleAt) - serverNowMs.value));
  if (firing === undefined) {
    return (
      <Fact name={t('facts.firing')} small={t('facts.nextIn', { wait })}>
        –
      </Fact>
    );
  }
  const { cycleId, judged, planned } = firing;
  return (
    <Fact name={t('facts.firing')} small={t('facts.fired', { judged, planned, wait })}>
      {cycleLabel(cycleId)}
    </Fact>
  );
}

function OpenTests({ board }: Known) {
  const overdue = board?.overdueTests ?? 0;
  return (
    <Fact
      name={t('facts.open')}
      warn={overdue > 0}
      small={
        board?.openTests === undefined
          ? undefined
          : overdue > 0
            ? t('facts.overdue', { count: overdue })
            : t('facts.noOverdue')
      }
    >
      {board?.openTests ?? '–'}
    </Fact>
  );
}

function Passed({ board }: Known) {
  if (board === undefined) return <Fact name={t('facts.passed')}>–</Fact>;
  const { of, passed } = board.totals;
  const style = numberStyle();
  const counts = { passed: whole(passed, style), of: whole(of, style) };
  return (
    <Fact name={t('facts.passed')} small={t('facts.of', counts)}>
      {percent(passed, of, style)} <i>%</i>
    </Fact>
  );
}

function Latency({ board }: Known) {
  const style = numberStyle();
  const { observerShareP50Ms, p50Ms, p95Ms } = board?.latency ?? {};
  return (
    <Fact
      name={t('facts.latency')}
      small={t('facts.share', { share: seconds(observerShareP50Ms, style, 3) })}
    >
      {seconds(p50Ms, style)}; {seconds(p95Ms, style)} <i>s</i>
    </Fact>
  );
}

function Validators({ board }: Known) {
  const pipeline = board && pipelineOf(board);
  if (pipeline === undefined) return <Fact name={t('facts.validators')}>–</Fact>;
  const { behind, following, lagMs = 0, total } = pipeline;
  const lag = fixed(lagMs / 1_000, 2, numberStyle());
  const small =
    board?.workers === 0
      ? t('facts.noWorker')
      : behind > 0
        ? t('facts.notFollowing', { count: behind })
        : t('facts.behind', { lag });
  return (
    <Fact name={t('facts.validators')} warn={behind > 0 || board?.workers === 0} small={small}>
      {following} / {total}
    </Fact>
  );
}

function WarmUp({ board }: Known) {
  if (board?.warmUp === undefined) return <Fact name={t('facts.warmUp')}>–</Fact>;
  const { active, endedAt, startedAt } = board.warmUp;
  const at = dayTime(active ? startedAt : (endedAt ?? startedAt), serverNowMs.value);
  return (
    <Fact name={t('facts.warmUp')} small={t('facts.since', { at })}>
      {t(active ? 'facts.warmUpOn' : 'facts.warmUpOver')}
    </Fact>
  );
}
