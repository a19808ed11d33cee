// One finding: what, where, how much, which transfers, and who has seen it.
import type { ComponentChildren } from 'preact';
import type { AuditorView } from '../../../src/admin/views/auditor-view.js';
import { CopyButton } from '../canaries/test-end.js';
import { openDialog } from '../dialogs/dialog-state.js';
import { amount, dayTime, whole } from '../format.js';
import { serverNowMs } from '../live/store.js';
import { Icon } from '../parts/marks.js';
import { numberStyle, t } from '../strings/strings.js';
import { TransferLink } from './transit.js';

type Finding = AuditorView['standing'][number];

export function FindingPanel({ finding, view }: { finding: Finding; view: AuditorView }) {
  const closed = finding.closedBy !== undefined;
  const open = !closed && finding.acknowledged === undefined;
  const tint = closed ? 'none' : 'fail';
  return (
    <section class={`panel ${closed ? '' : 'alarm'}`} aria-labelledby={`f-${finding.id}`}>
      <div class="head">
        <h2 id={`f-${finding.id}`}>{t(closed ? 'aud.lastClosed' : 'aud.finding')}</h2>
      </div>
      <div class="find">
        <div class="ttl">
          <Icon name={closed ? 'passed' : 'unreachable'} className={tint} />
          <span class={closed ? '' : 'fail'}>{finding.kind.replaceAll('_', ' ')}</span>
          <span>{t('aud.where', { frame: finding.frame, subject: finding.subject })}</span>
          <span class="st">{stateOf(finding)}</span>
        </div>
        <p>{finding.evidence}</p>
        {finding.buckets.length > 0 && <Buckets differing={finding.buckets} count={view.buckets} />}
        <Details finding={finding} view={view} />
        <div class="act">
          {open && (
            <button
              type="button"
              class="btn"
              onClick={() => openDialog({ kind: 'acknowledgeFinding', findingId: finding.id })}
            >
              {t('att.acknowledge')}
            </button>
          )}
          <CopyButton text={JSON.stringify(finding, null, 2)} label={t('aud.copy')} />
        </div>
      </div>
    </section>
  );
}

function stateOf({ acknowledged, closedBy }: Finding): string {
  if (closedBy !== undefined) {
    return t('aud.findingClosed', { number: whole(closedBy, numberStyle()) });
  }
  return t(acknowledged === undefined ? 'aud.findingOpen' : 'aud.findingAcknowledged');
}

const WIDTH = 640;

function Buckets({ differing, count }: { differing: readonly number[]; count: number }) {
  const pitch = WIDTH / count;
  const label = t('aud.bucketLabel', {
    equal: count - differing.length,
    count,
    list: differing.join(', '),
  });
  return (
    <svg
      class="buckets"
      viewBox={`0 0 ${WIDTH} 10`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {Array.from({ length: count }, (_, bucket) => (
        <rect
          key={`bucket ${bucket + 1}`}
          x={bucket * pitch}
          y={differing.includes(bucket) ? 0 : 3}
          width={pitch * 0.8}
          height={differing.includes(bucket) ? 10 : 5}
          class={differing.includes(bucket) ? 'x' : ''}
        />
      ))}
    </svg>
  );
}

function Details({ finding, view }: { finding: Finding; view: AuditorView }) {
  const { acknowledged, after, delta, foundAt, foundBy, frame, through, transferIds } = finding;
  const style = numberStyle();
  const now = serverNowMs.value;
  return (
    <dl class="kv">
      {delta !== undefined && <Detail name={t('aud.delta')}>{amount(delta, style)} AVT</Detail>}
      {after !== undefined && through !== undefined && (
        <Detail name={t('aud.positions')}>
          {t('aud.positionsText', {
            after: whole(after, style),
            through: whole(through, style),
            frame,
          })}
        </Detail>
      )}
      {transferIds.length > 0 && (
        <Detail name={t('aud.transfers')}>
          {transferIds.map((id) => (
            <code key={id}>
              <TransferLink view={view} frame={frame} id={id} />{' '}
            </code>
          ))}
        </Detail>
      )}
      <Detail name={t('aud.class')}>{finding.class.replaceAll('_', ' ')}</Detail>
      {finding.buckets.length > 0 && (
        <Detail name={t('aud.bucketsOf')}>
          {t('aud.bucketList', { list: finding.buckets.join(', '), count: view.buckets })}
        </Detail>
      )}
      <Detail name={t('aud.foundBy')}>
        {t('aud.certificate', { number: whole(foundBy, style), at: dayTime(foundAt, now) })}
      </Detail>
      {acknowledged !== undefined && (
        <Detail name={t('aud.acknowledged')}>
          {t('aud.acknowledgedBy', { ...acknowledged, at: dayTime(acknowledged.at, now) })}
        </Detail>
      )}
    </dl>
  );
}

function Detail({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
