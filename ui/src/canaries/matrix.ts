// The matrix as rows, columns and lines, and how the arrow keys move in it.
import type { BoardPathView } from '../../../src/admin/views/board-view.js';
import { isCleanPath, isFailingPath, type Scene } from '../state.js';

/** The receiving registries, in the order of the configuration. */
export function receiversOf(paths: readonly BoardPathView[]): readonly string[] {
  const senders = paths.map(({ senderRegistry }) => senderRegistry);
  const receivers = paths.map(({ receiverRegistry }) => receiverRegistry);
  return [...new Set([...senders, ...receivers])].filter((one) => receivers.includes(one));
}

export function pathsFrom(
  paths: readonly BoardPathView[],
  agent: string,
): readonly BoardPathView[] {
  return paths.filter(({ sender }) => sender === agent);
}

/** The paths of one sender, column by column. */
export function columnsOf(
  paths: readonly BoardPathView[],
  columns: readonly string[],
): readonly (readonly BoardPathView[])[] {
  return columns.map((registry) =>
    paths.filter(({ receiverRegistry }) => receiverRegistry === registry),
  );
}

/** The paths line by line as they are read: sender by sender, column by column. */
export function readingOrder(paths: readonly BoardPathView[]): readonly BoardPathView[] {
  const columns = receiversOf(paths);
  const senders = receiversAndSenders(paths);
  return senders.flatMap((sender) => columnsOf(pathsFrom(paths, sender), columns).flat());
}

function receiversAndSenders(paths: readonly BoardPathView[]): readonly string[] {
  return [...new Set(paths.map(({ sender }) => sender))].sort();
}

/** The path that an arrow key leads to; `undefined` at an edge and for any other key. */
export function moveIn(
  paths: readonly BoardPathView[],
  from: string,
  key: string,
): string | undefined {
  const order = readingOrder(paths);
  const current = order.find(({ pathId }) => pathId === from);
  if (current === undefined) return undefined;
  if (key === 'Home') return order[0]?.pathId;
  if (key === 'End') return order.at(-1)?.pathId;
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    const column = order.filter((one) => one.receiverRegistry === current.receiverRegistry);
    const step = key === 'ArrowDown' ? 1 : -1;
    return column[column.indexOf(current) + step]?.pathId;
  }
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined;
  const row = order.filter(({ sender }) => sender === current.sender);
  const columns = [...new Set(row.map(({ receiverRegistry }) => receiverRegistry))];
  const step = key === 'ArrowRight' ? 1 : -1;
  const next = columns[columns.indexOf(current.receiverRegistry) + step];
  const cell = row.filter(({ receiverRegistry }) => receiverRegistry === next);
  return (cell.find(({ backend }) => backend === current.backend) ?? cell[0])?.pathId;
}

/** More registries than these make no columns that can be read: paths are grouped by frame. */
export const REGISTRIES_MAX = 8;

/** All paths from one frame to one frame. */
export interface FrameGroup {
  readonly key: string;
  readonly sender: string;
  readonly receiver: string;
  /** The worst first, each rank in the order of reading. */
  readonly paths: readonly BoardPathView[];
  readonly unclean: number;
}

/** The groups, those first that hold the worst. */
export function frameGroups(scene: Scene): readonly FrameGroup[] {
  const byKey = new Map<string, BoardPathView[]>();
  for (const path of readingOrder(scene.board.paths)) {
    const key = `${path.senderFrame} ${path.receiverFrame}`;
    byKey.set(key, [...(byKey.get(key) ?? []), path]);
  }
  const worst = ([path]: readonly BoardPathView[]) =>
    path === undefined ? CLEAN : severity(path, scene);
  return [...byKey.values()]
    .map((paths) => paths.sort((one, other) => severity(one, scene) - severity(other, scene)))
    .sort((one, other) => worst(one) - worst(other))
    .flatMap((paths) => {
      const [first] = paths;
      if (first === undefined) return [];
      const { receiverFrame: receiver, senderFrame: sender } = first;
      const unclean = paths.filter((path) => !isCleanPath(path, scene)).length;
      return [{ key: `${sender} ${receiver}`, sender, receiver, paths, unclean }];
    });
}

const CLEAN = 2;

function severity(path: BoardPathView, scene: Scene): number {
  if (isFailingPath(path, scene)) return 0;
  return isCleanPath(path, scene) ? CLEAN : 1;
}
