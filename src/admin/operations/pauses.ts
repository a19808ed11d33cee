// The operations `pause`, `resume` and `pauses`: a paused path is not fired until its pause ends.
import { z } from 'zod';
import { isActive, type OperatorWindow } from '../../domain/window.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { done, refused } from '../answer.js';
import { operation } from '../operation.js';
import { windowSchema, windowView } from '../views/window-view.js';
import {
  chooseScope,
  chooseUntil,
  reasonInput,
  scopeInput,
  subjectOf,
  untilInput,
} from './window-input.js';

export const pausePath = operation({
  name: 'pause',
  summary: 'fire a path, or every path, no more until a moment; it ends by itself',
  role: 'operate',
  subject: subjectOf,
  input: z.strictObject({ ...scopeInput, reason: reasonInput, ...untilInput }),
  output: windowSchema,
  async run({ clock, config, windows }, input, { actor }) {
    const scope = chooseScope(config.paths, input);
    if (scope.kind !== 'done') return scope;
    const nowMs = clock.nowMs();
    const until = chooseUntil(input, nowMs, nowMs);
    if (until.kind !== 'done') return until;
    const pause = await windows.set({
      kind: 'pause',
      pathId: scope.value,
      fromMs: nowMs,
      untilMs: until.value,
      reason: input.reason,
      by: actor.name,
      setAtMs: nowMs,
    });
    return done(windowView(pause, nowMs));
  },
});

export const resumePath = operation({
  name: 'resume',
  summary: 'end the pause of a path, or every pause',
  role: 'operate',
  subject: subjectOf,
  input: z.strictObject(scopeInput),
  output: z.strictObject({ resumed: z.array(windowSchema) }),
  async run({ clock, config, windows }, input, { actor }) {
    const scope = chooseScope(config.paths, input);
    if (scope.kind !== 'done') return scope;
    const nowMs = clock.nowMs();
    const pathId = scope.value;
    const whole = (await standingPauses({ clock, windows })).find(isOfEveryPath);
    if (pathId !== undefined && whole !== undefined) {
      const problem = `is paused with every path (by ${whole.by}: ${whole.reason}): resume all`;
      return refused('path', pathId, problem);
    }
    const which = pathId === undefined ? { all: true as const } : { pathId };
    const ended = await windows.end({ kind: 'pause', ...which }, actor.name, nowMs);
    if (ended.length === 0) return refused('path', pathId ?? 'all', 'is not paused');
    return done({ resumed: ended.map((one) => windowView(one, nowMs)) });
  },
});

export const listPauses = operation({
  name: 'pauses',
  summary: 'list what is paused, why, by whom and until when',
  role: 'read',
  input: z.strictObject({}),
  output: z.strictObject({ pauses: z.array(windowSchema) }),
  async run(deps) {
    const nowMs = deps.clock.nowMs();
    const standing = await standingPauses(deps);
    return done({ pauses: standing.map((one) => windowView(one, nowMs)) });
  },
});

async function standingPauses({
  clock,
  windows,
}: Pick<AdminDependencies, 'clock' | 'windows'>): Promise<readonly OperatorWindow[]> {
  const nowMs = clock.nowMs();
  const standing = await windows.standing(nowMs);
  return standing.filter((one) => one.kind === 'pause' && isActive(one, nowMs));
}

function isOfEveryPath({ pathId }: OperatorWindow): boolean {
  return pathId === undefined;
}
