// Below the waterfall: what was not asked, findings, corrections, ids, and who has seen it.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { BoardPathView } from '../../../src/admin/views/board-view.js';
import type { TestView } from '../../../src/admin/views/test-view.js';
import { openDialog } from '../dialogs/dialog-state.js';
import { dayTime } from '../format.js';
import { serverNowMs } from '../live/store.js';
import { t } from '../strings/strings.js';
import { needsWord } from './needs-word.js';

export function TestEnd({ view, path: { pathId } }: { view: TestView; path: BoardPathView }) {
  const { corrections, findings, result, testId } = view;
  const unasked = result?.unaskedFrames ?? [];
  const word = result?.acknowledgement;
  return (
    <dl class="end2">
      {unasked.length > 0 && (
        <Line name={t('end.unasked')}>{t('end.unaskedText', { frames: unasked.join(', ') })}</Line>
      )}
      {findings.length > 0 && (
        <Line name={t('end.findings')}>
          {findings.map(({ evidence, kind, subject }) => (
            <p key={`${kind} ${subject}`}>
              <b>{kind}</b> {evidence}
            </p>
          ))}
        </Line>
      )}
      <Line name={t('end.corrections')}>
        {corrections.length === 0
          ? t('end.none')
          : corrections.map(({ evidence, kind }) => (
              <p key={kind}>
                <b>{kind}</b> {evidence}
              </p>
            ))}
      </Line>
      <Line name={t('end.ids')}>
        <Id text={testId} />
        {result?.transferId !== undefined && <Id text={result.transferId} />}
      </Line>
      {word !== undefined && (
        <Line name={t('end.acknowledged')}>
          {t('end.by', { ...word, at: dayTime(word.at, serverNowMs.value) })}
        </Line>
      )}
      {needsWord(view) && (
        <Line name={t('end.acknowledged')}>
          {t('end.no')}{' '}
          <button
            type="button"
            class="btn sm"
            onClick={() => openDialog({ kind: 'acknowledge', test: { pathId, testId } })}
          >
            {t('att.acknowledge')}
          </button>
        </Line>
      )}
    </dl>
  );
}

function Line({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Id({ text }: { text: string }) {
  return (
    <span class="idline">
      <code>{text}</code> <CopyButton text={text} />
    </span>
  );
}

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  // Over plain http from another machine the browser gives no clipboard; the text can be marked.
  if (navigator.clipboard === undefined) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <button type="button" class="btn ghost sm" onClick={() => void copy()}>
      {copied ? t('end.copied') : (label ?? t('end.copy'))}
    </button>
  );
}
