// The state band of the auditor: zero or not and since when, the strip of audits, the facts.
import type { ComponentChildren } from 'preact';
import type { AuditorView } from '../../../src/admin/views/auditor-view.js';
import { dayTime, duration, whole } from '../format.js';
import { serverNowMs } from '../live/store.js';
import { Icon } from '../parts/marks.js';
import { StripCaption } from '../parts/strip-caption.js';
import { numberStyle, t, tn } from '../strings/strings.js';
import { AUDIT_TINTS, sentenceOf } from './sentence.js';

export const AUDIT_ICONS = {
  ok: 'passed',
  violated: 'unreachable',
  unknown: 'inconclusive',
} as const;

export function AuditState({ view }: { view: AuditorView | undefined }) {
  const outcome = view?.state?.outcome;
  const tint = outcome === 'violated' ? 'is-fail' : '';
  return (
    <section class={`panel state ${tint}`} aria-label={t('state.label')}>
      <div class="state-top">
        <div class="say" role="status">
          <Icon
            name={outcome === undefined ? 'open' : AUDIT_ICONS[outcome]}
            className={`i30 ${outcome === undefined ? 'none' : AUDIT_TINTS[outcome]}`}
          />
          <h2>{view === undefined ? t('aud.stateLoading') : sentenceOf(view)}</h2>
          <p>{view === undefined ? '–' : <Since view={view} />}</p>
        </div>
        <AuditStrip view={view} />
      </div>
      <AuditFacts view={view} />
    </section>
  );
}

function Since({ view }: { view: AuditorView }) {
  const { before, state } = view;
  const now = serverNowMs.value;
  if (state === undefined) {
    return <>{t('aud.emptyText', { interval: duration(view.intervalMs) })}</>;
  }
  const number = whole(state.certificate, numberStyle());
  return (
    <>
      {t('aud.since', {
        at: dayTime(state.since, now),
        age: duration(now - Date.parse(state.since)),
      })}{' '}
      {t('aud.sinceCertificate', { number })}{' '}
      {before !== undefined &&
        t('aud.before', {
          outcome: t(`aud.outcome.${before.outcome}`),
          number: whole(before.number, numberStyle()),
          at: dayTime(before.decidedAt, now),
        })}
    </>
  );
}

const PLACES = 60;
const PITCH = 11;

function AuditStrip({ view }: { view: AuditorView | undefined }) {
  const audits = [...(view?.chain ?? [])].reverse();
  const first = PLACES - audits.length;
  const summary = (['ok', 'violated', 'unknown'] as const)
    .map((outcome) => [audits.filter((one) => one.outcome === outcome).length, outcome] as const)
    .filter(([count]) => count > 0)
    .map(([count, outcome]) => `${count} ${t(`aud.outcome.${outcome}`)}`)
    .join(', ');
  const label = tn('aud.stripLabel', audits.length, { summary });
  const interval = duration(view?.intervalMs ?? 0);
  return (
    <figure class="cycf">
      <svg class="cyc" viewBox={`0 0 ${PLACES * PITCH} 30`} role="img" aria-label={label}>
        {audits.map(({ number, outcome }, index) => (
          <AuditMark key={number} outcome={outcome} x={(first + index) * PITCH} />
        ))}
      </svg>
      <StripCaption times={audits.map(({ decidedAt }) => decidedAt)} places={PLACES}>
        <span>{tn('aud.stripCaption', audits.length, { interval })}</span>
      </StripCaption>
    </figure>
  );
}

function AuditMark({ outcome, x }: { outcome: 'ok' | 'violated' | 'unknown'; x: number }) {
  if (outcome === 'ok') return <rect x={x + 4} y="8" width="2" height="10" rx="1" class="p" />;
  const transform = `translate(${x},6)`;
  if (outcome === 'unknown') {
    return <use href="#m-inconclusive" class="m-none" transform={transform} />;
  }
  return (
    <g>
      <rect x={x} y="0" width="10" height="26" rx="2" class="f" />
      <path transform={transform} d="m3 5 4 4m0-4-4 4" class="k" />
    </g>
  );
}

function Fact(props: {
  name: string;
  small: string | undefined;
  fail?: boolean;
  children: ComponentChildren;
}) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd class={props.fail === true ? 'fail' : ''}>
        {props.children}
        <small>{props.small ?? '–'}</small>
      </dd>
    </div>
  );
}

function AuditFacts({ view }: { view: AuditorView | undefined }) {
  const now = serverNowMs.value;
  const style = numberStyle();
  const last = view?.chain.find(({ outcome }) => outcome !== 'unknown');
  const unknown = view?.chain.filter(({ outcome }) => outcome === 'unknown').length;
  const open = view?.standing.filter(({ acknowledged }) => acknowledged === undefined).length ?? 0;
  const grades = new Set(view?.equation?.frames.flatMap(({ grade }) => grade ?? []));
  return (
    <dl class="facts">
      <Fact
        name={t('aud.lastConclusive')}
        small={
          last &&
          t('aud.certificate', {
            number: whole(last.number, style),
            at: dayTime(last.decidedAt, now),
          })
        }
      >
        {last === undefined
          ? '–'
          : t('aud.ago', { age: duration(now - Date.parse(last.decidedAt)) })}
      </Fact>
      <Fact
        name={t('aud.unknownHour')}
        small={view && t('aud.ofShown', { count: view.chain.length })}
      >
        {unknown ?? '–'}
      </Fact>
      <Fact name={t('aud.openFindings')} small={view && standingText(view, open)} fail={open > 0}>
        {view?.standing.length ?? '–'}
      </Fact>
      <Fact
        name={t('aud.inTransitFact')}
        small={
          view &&
          (view.transit.overdue > 0
            ? t('aud.overdue', { count: view.transit.overdue })
            : t('aud.noneOverdue'))
        }
      >
        {view === undefined ? '–' : whole(view.transit.open, style)}
      </Fact>
      <Fact name={t('aud.grade')} small={t('aud.gradeText')}>
        {grades.size === 0 ? '–' : [...grades].join(', ')}
      </Fact>
    </dl>
  );
}

function standingText({ standing }: AuditorView, open: number): string {
  if (standing.length === 0) return t('aud.noFinding');
  return open > 0 ? t('aud.notAcknowledged', { count: open }) : t('aud.allAcknowledged');
}
