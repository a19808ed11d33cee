// Who of ledger, log and projection stands alone, over all frames.
import type { AuditorView } from '../../../src/admin/views/auditor-view.js';

type FrameView = Pick<
  NonNullable<AuditorView['equation']>['frames'][number],
  'frame' | 'loneVoice'
>;

export type Voices =
  /** No frame has a third voice. */
  | { readonly kind: 'unheard' }
  | { readonly kind: 'agree' }
  /** `all` where each of the three says something else. */
  | { readonly kind: 'apart'; readonly frames: readonly { frame: string; voice: string }[] };

export function voicesOf(frames: readonly FrameView[]): Voices {
  const heard = frames.flatMap(({ frame, loneVoice: voice }) =>
    voice === undefined ? [] : [{ frame, voice }],
  );
  if (heard.length === 0) return { kind: 'unheard' };
  const apart = heard.filter(({ voice }) => voice !== 'none');
  return apart.length === 0 ? { kind: 'agree' } : { kind: 'apart', frames: apart };
}
