// The equation, every digit of it: per frame and in total, what the events say against the ledger.
import type { ComponentChildren } from 'preact';
import type { AuditorView } from '../../../src/admin/views/auditor-view.js';
import { amount, dayTime, whole } from '../format.js';
import { serverNowMs } from '../live/store.js';
import { Amount } from '../parts/amount.js';
import { Icon } from '../parts/marks.js';
import { numberStyle, t } from '../strings/strings.js';
import { EquationNotes } from './equation-notes.js';
import { isZero } from './sentence.js';

type EquationView = NonNullable<AuditorView['equation']>;
type Figures = NonNullable<EquationView['total']>;

export function Equation({ view }: { view: AuditorView | undefined }) {
  const equation = view?.equation;
  const style = numberStyle();
  return (
    <section class="panel" aria-labelledby="e">
      <div class="head">
        <h2 id="e">{t('aud.equation')}</h2>
        {equation !== undefined && (
          <span class="q sub">
            {t('aud.equationSub', {
              number: whole(equation.certificate, style),
              at: dayTime(equation.decidedAt, serverNowMs.value),
            })}
          </span>
        )}
      </div>
      {view !== undefined && equation === undefined && <p class="hint">{t('aud.noEquation')}</p>}
      {equation !== undefined && <Terms equation={equation} />}
      <p class="gloss n2">{t('aud.gloss')}</p>
      {view !== undefined && equation !== undefined && (
        <EquationNotes view={view} equation={equation} />
      )}
    </section>
  );
}

function Terms({ equation }: { equation: EquationView }) {
  const decided = equation.frames.filter(({ figures }) => figures !== undefined).length;
  const cuts = t('aud.cuts', { count: decided, total: equation.frames.length });
  return (
    <div class="eq">
      <Heads />
      {equation.frames.map(({ figures, frame, position, reason }) => (
        <EquationRow
          key={frame}
          name={t('aud.frame', { frame })}
          note={
            position === undefined
              ? t('aud.notReached', { reason })
              : t('aud.atPosition', { position: whole(position, numberStyle()) })
          }
          figures={figures}
        />
      ))}
      <EquationRow
        name={t('aud.allFrames')}
        note={equation.total === undefined ? t('aud.noTotal') : cuts}
        figures={equation.total}
        isSum
      />
    </div>
  );
}

function Heads() {
  return (
    <div class="hd" aria-hidden="true">
      <span>{t('aud.exact')}</span>
      <span />
      <span>tokens_issued</span>
      <span />
      <span>tokens_destroyed</span>
      <span />
      <span>transit_net</span>
      <span />
      <span>{t('aud.byEvents')}</span>
      <span />
      <span>{t('aud.byLedger', { term: 'tokens_circulating' })}</span>
      <span>{t('aud.delta')}</span>
    </div>
  );
}

function EquationRow({
  name,
  note,
  figures,
  isSum = false,
}: {
  name: string;
  note: string;
  figures: Figures | undefined;
  isSum?: boolean;
}) {
  const wrong = figures !== undefined && !isZero(figures.delta);
  return (
    <section class={`r ${isSum ? 'sum' : ''} ${wrong && !isSum ? 'hit' : ''}`} aria-label={name}>
      <span class="who">
        {name}
        <small>{note}</small>
      </span>
      <Term op="" name="tokens_issued" value={figures?.issued} />
      <Term op="−" name="tokens_destroyed" value={figures?.destroyed} />
      <Term op="+" name="transit_net" value={figures?.transitNet} />
      <Term op="=" name={t('aud.byEvents')} value={figures?.byEvents} strong />
      <Term
        op={wrong ? <span class="fail">≠</span> : '='}
        name="tokens_circulating"
        value={figures?.circulating}
        against={figures?.byEvents}
        strong
        ledger
      />
      <span class="lab dlab">{t('aud.delta')}</span>
      <Delta figures={figures} />
    </section>
  );
}

function Term({
  op,
  name,
  value,
  against,
  strong = false,
  ledger = false,
}: {
  op: ComponentChildren;
  name: string;
  value: string | undefined;
  /** What it should be: the digits that differ are marked. */
  against?: string | undefined;
  strong?: boolean;
  ledger?: boolean;
}) {
  return (
    <>
      <span class={`op ${strong ? 'eqs' : ''}`} aria-hidden={op === ''}>
        {op}
      </span>
      <span class="lab">{name}</span>
      <span class={`v ${ledger ? 'ledger' : ''}`}>
        {value === undefined ? (
          '–'
        ) : against === undefined || against === value ? (
          <Amount text={value} />
        ) : (
          <Differing value={value} against={against} />
        )}
      </span>
    </>
  );
}

/** The digits that differ from what they should be, marked. */
function Differing({ value, against }: { value: string; against: string }) {
  const shown = amount(value, numberStyle());
  const should = amount(against, numberStyle());
  const from = shown.length - should.length;
  return (
    <>
      {[...shown].map((digit, index) => {
        const key = `${shown.length - index}`;
        return digit === should[index - from] ? digit : <mark key={key}>{digit}</mark>;
      })}
    </>
  );
}

function Delta({ figures }: { figures: Figures | undefined }) {
  if (figures === undefined) return <span class="dl none">–</span>;
  const zero = isZero(figures.delta);
  return (
    <span class={`dl ${zero ? 'ok' : 'no'}`}>
      <span>
        <Amount text={figures.delta} />
      </span>
      <Icon name={zero ? 'passed' : 'unreachable'} className={zero ? 'pass' : 'fail'} />
    </span>
  );
}
