// The matrix of many registries: a group of paths for each pair of frames, the worst first. Of a
// closed group only what is not clean is shown.
import { signal } from '@preact/signals';
import { percent } from '../format.js';
import { LookIcon } from '../parts/marks.js';
import { isCleanPath, isFailingPath, type Scene } from '../state.js';
import { numberStyle, t, tn } from '../strings/strings.js';
import { type FrameGroup, frameGroups } from './matrix.js';
import { PathLine } from './path-line.js';

/** A group that fails as a whole does not push the others out of sight. */
const SHOWN_WHILE_CLOSED = 3;
const opened = signal<ReadonlySet<string>>(new Set());

export function FrameMatrix({
  scene,
  selected,
  only,
}: {
  scene: Scene;
  selected: string | undefined;
  only: boolean;
}) {
  const groups = frameGroups(scene);
  return (
    <fieldset class="fgs" onKeyDown={(event) => moveFocus(event)}>
      <legend class="vh">{t('board.byFrame')}</legend>
      {groups
        .filter(({ unclean }) => !only || unclean > 0)
        .map((group) => (
          <Group key={group.key} group={group} scene={scene} selected={selected} only={only} />
        ))}
    </fieldset>
  );
}

function Group({
  group,
  scene,
  selected,
  only,
}: {
  group: FrameGroup;
  scene: Scene;
  selected: string | undefined;
  only: boolean;
}) {
  const isOpen = opened.value.has(group.key);
  const unclean = group.paths.filter((path) => !isCleanPath(path, scene));
  const all = only ? unclean : group.paths;
  const shown = isOpen
    ? all
    : all.filter(
        (path) => path.pathId === selected || unclean.slice(0, SHOWN_WHILE_CLOSED).includes(path),
      );
  return (
    <section class="fg" aria-label={t('board.frames', namesOf(group))}>
      <GroupHead group={group} scene={scene} isOpen={isOpen} />
      <div class="fgl" id={idOf(group)}>
        {shown.map((path, index) => (
          <PathLine
            key={path.pathId}
            path={path}
            selected={path.pathId === selected}
            isStop={index === 0}
            named
          />
        ))}
      </div>
    </section>
  );
}

function GroupHead({ group, scene, isOpen }: { group: FrameGroup; scene: Scene; isOpen: boolean }) {
  const { paths, unclean } = group;
  const sum = (figure: 'passed' | 'of') => paths.reduce((all, path) => all + path[figure], 0);
  const failing = paths.some((path) => isFailingPath(path, scene));
  const look = failing ? 'timeout' : unclean > 0 ? 'degraded' : 'passed';
  return (
    <button
      type="button"
      class={`fgh ${failing ? 'is-fail' : ''}`}
      aria-expanded={isOpen}
      aria-controls={idOf(group)}
      onClick={() => toggle(group.key)}
    >
      <LookIcon look={look} />
      <b>{t('board.frames', namesOf(group))}</b>{' '}
      <span class="q">{tn('board.paths', paths.length)}</span>{' '}
      <span>{unclean > 0 && tn('tab.unclean', unclean)}</span>{' '}
      <span class="num">{percent(sum('passed'), sum('of'), numberStyle())} %</span>
    </button>
  );
}

function namesOf({ receiver, sender }: FrameGroup) {
  return { receiver, sender };
}

function idOf({ receiver, sender }: FrameGroup): string {
  return `paths-${sender}-${receiver}`;
}

function toggle(key: string): void {
  const next = new Set(opened.value);
  if (!next.delete(key)) next.add(key);
  opened.value = next;
}

/** Line by line, as they are shown. */
function moveFocus(event: KeyboardEvent): void {
  const { currentTarget, target } = event;
  if (!(currentTarget instanceof HTMLElement) || !(target instanceof HTMLElement)) return;
  const lines = [...currentTarget.querySelectorAll<HTMLElement>('[data-path]')];
  const at = lines.indexOf(target);
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const next = at === -1 || step === 0 ? undefined : lines[at + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
