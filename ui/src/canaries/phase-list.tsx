// The phases of a test in a row: reached and after how long, missing, or not reached.
import { fixed } from '../format.js';
import { Icon } from '../parts/marks.js';
import type { Phase } from '../phases.js';
import { fill } from '../strings/fill.js';
import { numberStyle, t } from '../strings/strings.js';

const STATES = {
  done: { tint: 'ok', icon: 'passed', ink: 'pass' },
  missing: { tint: 'miss', icon: 'unreachable', ink: 'fail' },
  incomplete: { tint: 'gap', icon: 'degraded', ink: 'warn' },
  unreached: { tint: 'na', icon: 'open', ink: 'none' },
  waiting: { tint: 'na', icon: 'open', ink: 'none' },
} as const;

export function PhaseList({ phases }: { phases: readonly Phase[] }) {
  return (
    <ol class="ph" aria-label={t('test.phases')}>
      {phases.map((phase, index) => {
        const { icon, ink, tint } = STATES[phase.state];
        return (
          <li key={phase.name} class={tint}>
            <Icon name={icon} className={`i14 ${ink}`} />
            <b>{named(t(`phase.${phase.name}`), phase)}</b>
            <span>{whenOf(phase, phases[index - 1]?.atMs)}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** A phase as a sentence names it: `credit in frame B`. */
export function phaseWords(phase: Phase): string {
  return named(t(`phaseWords.${phase.name}`), phase);
}

function named(text: string, { frames }: Phase): string {
  return fill(text, { 0: frames[0] ?? '', 1: frames[1] ?? '' });
}

/** The first by itself, each other one by how much later it was than the one before. */
function whenOf({ atMs, state }: Phase, beforeMs: number | undefined): string {
  const style = numberStyle();
  if (atMs !== undefined) {
    if (beforeMs === undefined) return fixed(atMs / 1_000, 3, style);
    const laterMs = atMs - beforeMs;
    return `${laterMs < 0 ? '' : '+'}${fixed(laterMs / 1_000, 3, style)}`;
  }
  if (state === 'missing') return t('phase.never');
  if (state === 'incomplete') return t('phase.notSeen');
  return t(state === 'waiting' ? 'phase.waiting' : 'phase.unreached');
}
