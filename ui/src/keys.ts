// The keyboard: one letter for each thing, none of them while something is typed or a dialog open.
import { signal } from '@preact/signals';
import { aboutOpen } from './canaries/hero.js';
import { readingOrder } from './canaries/matrix.js';
import { needsWord } from './canaries/needs-word.js';
import { neighbours } from './canaries/test-section.js';
import { dialog, openDialog } from './dialogs/dialog-state.js';
import { setFolded, setTail } from './event-log.js';
import { kept } from './live/kept.js';
import { goTo, history, log, route, scene, test } from './live/store.js';
import { isCleanPath } from './state.js';
import type { Key } from './strings/en.js';

export const lettersOn = signal(kept.get('letters') !== 'off');

export function setLetters(on: boolean): void {
  lettersOn.value = on;
  kept.set('letters', on ? 'on' : 'off');
}

export const KEY_HELP: readonly (readonly [Key, ...string[]])[] = [
  ['keys.next', 'j', 'k'],
  ['keys.open', 'Enter'],
  ['keys.close', 'Esc'],
  ['keys.unclean', 'n', 'N'],
  ['keys.test', '[', ']'],
  ['keys.ack', 'a'],
  ['keys.fire', 'f'],
  ['keys.pause', 'p'],
  ['keys.log', 'l'],
  ['keys.tail', 't'],
  ['keys.about', 'i'],
  ['keys.pages', 'g c', 'g a'],
  ['keys.all', '?'],
];

/** `g` waits so long for its second letter. */
const CHORD_MS = 1_500;

export function followKeys(): () => void {
  let chordUntil = 0;
  const onKey = (event: KeyboardEvent) => {
    if (isTaken(event)) return;
    if (event.key === 'Escape') return closePath();
    if (!lettersOn.value) return;
    const chord = event.timeStamp < chordUntil;
    chordUntil = 0;
    if (event.key === 'g') {
      chordUntil = event.timeStamp + CHORD_MS;
      return;
    }
    const run = chord ? CHORDS[event.key] : LETTERS[event.key];
    if (run === undefined) return;
    event.preventDefault();
    run();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

/** Whether the key belongs to something else: a field, a dialog, the browser. */
function isTaken(event: KeyboardEvent): boolean {
  // Where a keyboard has brackets behind AltGr, that is reported as Ctrl and Alt.
  const isChord = event.ctrlKey || event.metaKey || event.altKey;
  if ((isChord && !event.getModifierState('AltGraph')) || event.defaultPrevented) return true;
  if (dialog.value !== undefined) return true;
  const { target } = event;
  return target instanceof HTMLElement && target.matches('input, textarea, select');
}

const CHORDS: Readonly<Record<string, () => void>> = {
  c: () => goTo({ page: 'canaries' }),
  a: () => goTo({ page: 'auditor' }),
};

const LETTERS: Readonly<Record<string, () => void>> = {
  j: () => stepPath(1, false),
  k: () => stepPath(-1, false),
  n: () => stepPath(1, true),
  N: () => stepPath(-1, true),
  '[': () => stepTest('older'),
  ']': () => stepTest('newer'),
  a: () => {
    const { pathId } = openPath();
    const testId = openTestId();
    if (pathId === undefined || testId === undefined || !isOpenFailure()) return;
    openDialog({ kind: 'acknowledge', test: { pathId, testId } });
  },
  f: () => openDialog({ kind: 'fire', ...openPath() }),
  p: () => openDialog({ kind: 'pause', ...openPath() }),
  l: () => {
    log.value = setFolded(log.value, !log.value.folded);
  },
  t: () => {
    log.value = setTail(log.value, !log.value.tails);
  },
  i: () => {
    aboutOpen.value = !aboutOpen.value;
  },
  '?': () => openDialog({ kind: 'keys' }),
};

function openPath(): { readonly pathId?: string } {
  const { value } = route;
  return value.page === 'canaries' && value.path !== undefined ? { pathId: value.path } : {};
}

function openTestId(): string | undefined {
  return test.value.kind === 'ready' ? test.value.value.testId : undefined;
}

/** Whether the open test is one that somebody should explain. */
function isOpenFailure(): boolean {
  return test.value.kind === 'ready' && needsWord(test.value.value);
}

export function closePath(): void {
  const { pathId } = openPath();
  if (pathId === undefined) return;
  goTo({ page: 'canaries' });
  document.querySelector<HTMLElement>(`[data-path="${CSS.escape(pathId)}"]`)?.focus();
}

function stepPath(step: 1 | -1, onlyUnclean: boolean): void {
  const known = scene.value;
  if (known === undefined) return;
  const order = readingOrder(known.board.paths);
  const { pathId } = openPath();
  const at = order.findIndex((path) => path.pathId === pathId);
  const start = at === -1 && step === -1 ? order.length : at;
  for (let index = start + step; index >= 0 && index < order.length; index += step) {
    const path = order[index];
    if (path === undefined || (onlyUnclean && isCleanPath(path, known))) continue;
    goTo({ page: 'canaries', path: path.pathId });
    return;
  }
}

function stepTest(to: 'older' | 'newer'): void {
  const { value } = route;
  if (value.page !== 'canaries' || value.path === undefined) return;
  // Also while the test itself is still being read.
  const newest = history.value.kind === 'ready' ? history.value.value[0]?.testId : undefined;
  const from = value.test ?? newest;
  const next = from === undefined ? undefined : neighbours(from)[to];
  if (next !== undefined) goTo({ page: 'canaries', path: value.path, test: next });
}
