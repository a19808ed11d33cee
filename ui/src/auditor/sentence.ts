// The one sentence of the auditor's page.
import type { AuditorView } from '../../../src/admin/views/auditor-view.js';
import { amount } from '../format.js';
import { numberStyle, t, tn } from '../strings/strings.js';

export const AUDIT_TINTS = { ok: 'pass', violated: 'fail', unknown: 'none' } as const;

export function sentenceOf({ equation, standing, state }: AuditorView): string {
  if (state === undefined) return t('aud.empty');
  if (state.outcome !== 'violated') return t(`aud.${state.outcome}`);
  const wrong = equation?.frames.find(({ figures }) => figures && !isZero(figures.delta));
  if (wrong?.figures !== undefined) {
    const delta = amount(wrong.figures.delta, numberStyle());
    return t('aud.violatedBy', { delta, frame: wrong.frame });
  }
  return standing.length > 0 ? tn('aud.violatedFindings', standing.length) : t('aud.violated');
}

export function isZero(delta: string): boolean {
  return /^-?0(\.0*)?$/.test(delta);
}
