// Tells a screen reader what changed in the state, politely, and at most once in ten seconds.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { BoardView } from '../../../src/admin/views/board-view.js';
import { word } from '../parts/marks.js';
import { pathLabel } from '../parts/path-name.js';
import { changesOf, isFailingPath, pathLook } from '../state.js';
import { t } from '../strings/strings.js';

const APART_MS = 10_000;

export function Announcer({ board }: { board: BoardView | undefined }) {
  const [text, setText] = useState('');
  const told = useRef<{ readonly board: BoardView; readonly atMs: number }>(undefined);
  useEffect(() => {
    if (board === undefined) return;
    const atMs = Date.parse(board.at);
    const before = told.current;
    if (before === undefined) told.current = { board, atMs: atMs - APART_MS };
    if (before === undefined || atMs - before.atMs < APART_MS) return;
    const changes = changesOf(before.board, board);
    if (changes.length === 0) return;
    told.current = { board, atMs };
    const count = board.paths.filter(isFailingPath).length;
    const total = board.paths.length;
    const lines = changes.map((path) => {
      const look = word(pathLook(path) ?? 'open').toLowerCase();
      return t('state.announce', { path: pathLabel(path.pathId), look, count, total });
    });
    setText(lines.join('. '));
  }, [board]);
  return (
    <p class="vh" role="status">
      {text}
    </p>
  );
}
