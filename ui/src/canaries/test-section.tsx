// One test in full: verdict, the missing phase in words, phases, waterfall, ids, what came later.
import type { BoardPathView, BoardView } from '../../../src/admin/views/board-view.js';
import type { TestView } from '../../../src/admin/views/test-view.js';
import { clockFraction, seconds } from '../format.js';
import { goTo, history, test } from '../live/store.js';
import { lookOf, verdictOf } from '../outcome.js';
import { Outcome, word } from '../parts/marks.js';
import { type Phase, phasesOf } from '../phases.js';
import { numberStyle, t } from '../strings/strings.js';
import { cycleLabel } from './cycle-label.js';
import { grafanaUrl, transferUrl, workflowUrl } from './links.js';
import { PhaseList, phaseWords } from './phase-list.js';
import { TestEnd } from './test-end.js';
import { WaterfallTable } from './waterfall-table.js';

interface Shown {
  readonly board: BoardView;
  readonly path: BoardPathView;
  readonly view: TestView;
}

export function TestSection({ board, path }: { board: BoardView; path: BoardPathView }) {
  const { value } = test;
  if (value.kind === 'loading') return <p class="hint">{t('test.loading')}</p>;
  if (value.kind === 'missing') return <p class="hint">{t('test.gone')}</p>;
  const shown = { board, path, view: value.value };
  const phases = phasesOf(shown.view, path);
  return (
    <section class="test">
      <TestHead {...shown} />
      <VerdictLine {...shown} />
      <Why view={shown.view} phases={phases} />
      <PhaseList phases={phases} />
      <WaterfallTable view={shown.view} requirement={board.requirements[path.backend]} />
      <TestEnd {...shown} />
    </section>
  );
}

function TestHead({ board, path, view }: Shown) {
  const cycle = view.result?.cycleId ?? view.testId.slice(0, -path.pathId.length - 1);
  const transferId = view.result?.transferId;
  const links = [
    ['test.workflow', workflowUrl(board.links, view.workflowId)],
    ['test.transfer', transferId && transferUrl(board, path, transferId)],
    ['test.dashboard', grafanaUrl(board.links, path.pathId)],
  ] as const;
  return (
    <div class="th">
      <h3>{t('test.title', { cycle: cycleLabel(cycle) })}</h3>
      <Others pathId={path.pathId} testId={view.testId} />
      <span class="links">
        {links.map(
          ([key, href]) =>
            href !== undefined &&
            href !== '' && (
              <a key={key} href={href}>
                {t(key)}
              </a>
            ),
        )}
      </span>
    </div>
  );
}

/** The older and the newer test of the path, where they are among those read. */
export function neighbours(testId: string): {
  readonly older: string | undefined;
  readonly newer: string | undefined;
} {
  const { value } = history;
  const ids = value.kind === 'ready' ? value.value.map((one) => one.testId) : [];
  const at = ids.indexOf(testId);
  if (at === -1) return { older: ids[0], newer: undefined };
  return { older: ids[at + 1], newer: ids[at - 1] };
}

function Others({ pathId, testId }: { pathId: string; testId: string }) {
  const { newer, older } = neighbours(testId);
  return (
    <fieldset class="seg">
      <legend class="vh">{t('test.by')}</legend>
      <Step pathId={pathId} to={older} arrow="←" label={t('test.older')} />
      <Step pathId={pathId} to={newer} arrow="→" label={t('test.newer')} />
    </fieldset>
  );
}

function Step(props: { pathId: string; to: string | undefined; arrow: string; label: string }) {
  const { arrow, label, pathId, to } = props;
  return (
    <button
      type="button"
      aria-label={label}
      disabled={to === undefined}
      onClick={() => {
        if (to !== undefined) goTo({ page: 'canaries', path: pathId, test: to });
      }}
    >
      {arrow}
    </button>
  );
}

function VerdictLine({ view }: Shown) {
  const style = numberStyle();
  const { firedAt, result } = view;
  const fired = firedAt === undefined ? [] : [t('test.fired', { at: clockFraction(firedAt) })];
  if (result === undefined) {
    const text = t(view.state === 'registered' ? 'test.registered' : 'test.running');
    return (
      <p class="vd">
        <Outcome look="open" text={text} /> <span class="q">{fired.join(', ')}</span>
      </p>
    );
  }
  const look = lookOf(verdictOf(result));
  const { committedLatencyMs: committed, totalLatencyMs: total } = result;
  const after =
    firedAt === undefined ? undefined : Date.parse(result.decidedAt) - Date.parse(firedAt);
  const parts = [
    ...fired,
    ...(total === undefined ? [] : [completeText(total, committed)]),
    ...(after === undefined ? [] : [t('test.judged', { after: seconds(after, style, 3) })]),
  ];
  const name = word(look).toLowerCase();
  const text =
    result.outcome === 'failed'
      ? t('test.failed', { signal: name })
      : result.outcome !== 'passed'
        ? word(look)
        : look === 'passed'
          ? t('test.passed')
          : t('test.passedWith', { flags: name });
  return (
    <p class="vd">
      <Outcome look={look} text={text} /> <span class="q">{parts.join(', ')}</span>
    </p>
  );
}

function completeText(totalMs: number, committedMs: number | undefined): string {
  const style = numberStyle();
  const complete = t('test.complete', { total: seconds(totalMs, style, 3) });
  if (committedMs === undefined) return complete;
  return `${complete} ${t('test.committed', { committed: seconds(committedMs, style, 3) })}`;
}

/** In words before the waterfall shows it. */
function Why({ view, phases }: { view: TestView; phases: readonly Phase[] }) {
  const { result } = view;
  if (result === undefined) return null;
  const gap = phases.find(({ state }) => state === 'missing' || state === 'incomplete');
  const isFlawed = result.outcome !== 'passed' || result.degraded;
  return (
    <p class="why">
      {isFlawed && gap !== undefined && (
        <b>{t('test.missingPhase', { phase: phaseWords(gap) })} </b>
      )}
      {result.reason}
      {result.warmUp && ` ${t('test.warmUp')}`}
      {result.maintenance && ` ${t('test.maintenance')}`}
    </p>
  );
}
