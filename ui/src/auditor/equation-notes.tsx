// Below the equation: what else was compared, each a word with its shape.
import type { AuditorView } from '../../../src/admin/views/auditor-view.js';
import { Icon } from '../parts/marks.js';
import { t, tn } from '../strings/strings.js';
import { voicesOf } from './voices.js';

type EquationView = NonNullable<AuditorView['equation']>;

interface Note {
  readonly text: string;
  readonly bad: boolean;
}

export function EquationNotes({ view, equation }: { view: AuditorView; equation: EquationView }) {
  return (
    <div class="src">
      {[...bucketNotes(view), ...voiceNotes(equation), ...gapNotes(equation)].map(
        ({ bad, text }) => (
          <span key={text} class={bad ? 'fail' : ''}>
            <Icon name={bad ? 'unreachable' : 'passed'} className={bad ? 'fail' : 'pass'} />
            {text}
          </span>
        ),
      )}
    </div>
  );
}

function bucketNotes({ buckets, standing }: AuditorView): readonly Note[] {
  const differing = standing.filter((finding) => finding.buckets.length > 0);
  if (differing.length === 0) {
    return [{ text: t('aud.bucketsEqual', { count: buckets }), bad: false }];
  }
  return differing.map((finding) => ({
    text: tn('aud.bucketsDiffer', finding.buckets.length, { frame: finding.frame }),
    bad: true,
  }));
}

function voiceNotes({ frames }: EquationView): readonly Note[] {
  const voices = voicesOf(frames);
  if (voices.kind === 'unheard') return [];
  if (voices.kind === 'agree') return [{ text: t('aud.voicesAgree'), bad: false }];
  return voices.frames.map(({ frame, voice }) => ({
    text: voice === 'all' ? t('aud.voicesApart', { frame }) : t('aud.loneVoice', { frame, voice }),
    bad: true,
  }));
}

function gapNotes({ frames }: EquationView): readonly Note[] {
  const gaps = frames.filter(({ lost }) => lost > 0);
  if (gaps.length === 0) return [{ text: t('aud.noGap'), bad: false }];
  return gaps.map(({ frame, lost }) => ({ text: tn('aud.gap', lost, { frame }), bad: true }));
}
