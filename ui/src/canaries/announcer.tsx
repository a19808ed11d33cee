// Tells a screen reader what changed in the state, politely, and at most once in ten seconds.
import { useEffect, useRef, useState } from 'preact/hooks';
import { word } from '../parts/marks.js';
import { pathLabel } from '../parts/path-name.js';
import { changesOf, isFailingPath, type Scene, standingLook } from '../state.js';
import { t } from '../strings/strings.js';

const APART_MS = 10_000;

export function Announcer({ scene }: { scene: Scene | undefined }) {
  const [text, setText] = useState('');
  const told = useRef<{ readonly scene: Scene; readonly atMs: number }>(undefined);
  useEffect(() => {
    if (scene === undefined) return;
    const { at, paths } = scene.board;
    const atMs = Date.parse(at);
    const before = told.current;
    if (before === undefined) told.current = { scene, atMs: atMs - APART_MS };
    if (before === undefined || atMs - before.atMs < APART_MS) return;
    const changes = changesOf(before.scene, scene);
    if (changes.length === 0) return;
    told.current = { scene, atMs };
    const count = paths.filter((path) => isFailingPath(path, scene)).length;
    const total = paths.length;
    const lines = changes.map((path) => {
      const look = word(standingLook(path, scene) ?? 'open').toLowerCase();
      return t('state.announce', { path: pathLabel(path.pathId), look, count, total });
    });
    setText(lines.join('. '));
  }, [scene]);
  return (
    <p class="vh" role="status">
      {text}
    </p>
  );
}
