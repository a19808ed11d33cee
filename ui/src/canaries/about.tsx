// The panel of six blocks behind the italic i: how the reactor works, every number of it live.
import type { ComponentChildren } from 'preact';
import type { BoardView } from '../../../src/admin/views/board-view.js';
import { clockTime, duration, fixed } from '../format.js';
import { LOOKS } from '../outcome.js';
import { Mark, word } from '../parts/marks.js';
import { numberStyle, t } from '../strings/strings.js';
import { aboutOpen } from './hero.js';
import { grafanaUrl } from './links.js';
import { pipelineOf } from './pipeline.js';

const SOURCES = [
  ['about.requirements', 'src/domain/contract.ts'],
  ['about.verdict', 'src/domain/verdict.ts'],
  ['about.workflow', 'src/workflows/canary-test.ts'],
  ['about.validator', 'src/activities/validate-events.ts'],
] as const;

export function About({ board }: { board: BoardView }) {
  return (
    <div id="about" class="panel about" hidden={!aboutOpen.value}>
      <Matrix board={board} />
      <Cadence board={board} />
      <Pipeline board={board} />
      <Semantics board={board} />
      <Surface board={board} />
      <section>
        <h2>{t('about.sources')}</h2>
        <p>{t('about.sourcesText')}</p>
        <ul>
          {SOURCES.map(([key, file]) => (
            <Line key={key} name={t(key)}>
              <code>{file}</code>
            </Line>
          ))}
        </ul>
      </section>
    </div>
  );
}

type Backend = keyof BoardView['shape']['paths'];

function backendsOf({ shape }: BoardView): readonly Backend[] {
  return Object.keys(shape.paths) as Backend[];
}

function Line({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <li>
      <span>{name}</span>
      <span>{children}</span>
    </li>
  );
}

function Matrix({ board }: { board: BoardView }) {
  return (
    <section>
      <h2>{t('about.matrix')}</h2>
      <p>{t('about.matrixText', { lanes: board.shape.lanes })}</p>
      <ul>
        {backendsOf(board).map((backend) => (
          <Line key={backend} name={backend}>
            <b>{board.shape.paths[backend]}</b>
          </Line>
        ))}
        <Line name={t('about.paths')}>
          <b>{board.paths.length}</b>
        </Line>
      </ul>
    </section>
  );
}

function Cadence({ board }: { board: BoardView }) {
  const { amount, intervalMs, spreadMs } = board.cadence;
  return (
    <section>
      <h2>{t('about.cadence')}</h2>
      <p>{t('about.cadenceText')}</p>
      <ul>
        <Line name={t('about.every')}>
          <b>
            {duration(intervalMs)} / {duration(spreadMs)}
          </b>
        </Line>
        <Line name={t('about.amount')}>
          <b>{amount} AVT</b>
        </Line>
        <Line name={t('about.missed')}>
          <b>{board.missedSlots?.total ?? '–'}</b>
        </Line>
        <Line name={t('about.next')}>
          <b>{clockTime(board.nextCycleAt)}</b>
        </Line>
      </ul>
    </section>
  );
}

function Pipeline({ board }: { board: BoardView }) {
  const pipeline = pipelineOf(board);
  const perFrame = pipeline === undefined ? '–' : pipeline.total / board.shape.frames.length;
  return (
    <section>
      <h2>{t('about.pipeline')}</h2>
      <p>{t('about.pipelineText', { count: perFrame })}</p>
      <ul>
        <Line name={t('about.following')}>
          <b>
            {pipeline === undefined
              ? '–'
              : t('about.ofTotal', { count: pipeline.following, total: pipeline.total })}
          </b>
        </Line>
        <Line name={t('about.behind')}>
          <b>
            {pipeline?.lagMs === undefined
              ? '–'
              : `${fixed(pipeline.lagMs / 1_000, 2, numberStyle())} s`}
          </b>
        </Line>
        <Line name={t('about.backstop')}>
          <b>{pipeline?.backstopped ?? '–'}</b>
        </Line>
      </ul>
    </section>
  );
}

function Semantics({ board }: { board: BoardView }) {
  return (
    <section>
      <h2>{t('about.semantics')}</h2>
      <p>{t('about.semanticsText')}</p>
      <ul>
        {backendsOf(board).map((backend) => (
          <Line key={backend} name={t('about.needs', { backend })}>
            <code>{board.requirements[backend]}</code>
          </Line>
        ))}
        {backendsOf(board).map((backend) => (
          <Line key={`${backend} deadlines`} name={t('about.deadlines', { backend })}>
            <b>
              {duration(board.deadlines[backend].softMs)},{' '}
              {duration(board.deadlines[backend].finalMs)}
            </b>
          </Line>
        ))}
      </ul>
      <div class="marks">
        {LOOKS.filter((look) => look !== 'correction').map((look) => (
          <span key={look}>
            <Mark look={look} />
            {word(look)}
          </span>
        ))}
      </div>
    </section>
  );
}

function Surface({ board }: { board: BoardView }) {
  const dashboard = grafanaUrl(board.links);
  const { temporalUi } = board.links;
  return (
    <section>
      <h2>{t('about.surface')}</h2>
      <p>{t('about.surfaceText')}</p>
      <ul>
        <Line name={t('about.dashboard')}>
          <Onward href={dashboard} text="28, Canary Reactor" />
        </Line>
        <Line name={t('about.workflows')}>
          <Onward href={temporalUi && `${temporalUi}/workflows`} text="canary-test/*" />
        </Line>
        <Line name={t('about.metrics')}>
          <code>canary_*</code>
        </Line>
        <Line name={t('about.api')}>
          <Onward href="/openapi.json" text="/api/v1" />
        </Line>
      </ul>
    </section>
  );
}

/** A link where the address is known; else the name, and that it is not. */
function Onward({ href, text }: { href: string | undefined; text: string }) {
  if (href === undefined) return <span title={t('about.noLink')}>{text}</span>;
  return <a href={href}>{text}</a>;
}
