// The operations on maintenance windows: tests go on, and their results are marked and not counted.
import { z } from 'zod';
import { done, refused } from '../answer.js';
import { operation } from '../operation.js';
import { windowSchema, windowView } from '../views/window-view.js';
import {
  chooseScope,
  chooseUntil,
  momentInput,
  reasonInput,
  scopeInput,
  subjectOf,
  untilInput,
} from './window-input.js';

export const addMaintenance = operation({
  name: 'maintenanceAdd',
  summary: 'mark the results of a path, or of every path, as of a maintenance',
  role: 'operate',
  subject: subjectOf,
  input: z.strictObject({
    ...scopeInput,
    /** From now on, unless said. */
    from: momentInput.optional(),
    ...untilInput,
    reason: reasonInput,
  }),
  output: windowSchema,
  async run({ clock, config, windows }, input, { actor }) {
    const scope = chooseScope(config.paths, input);
    if (scope.kind !== 'done') return scope;
    const nowMs = clock.nowMs();
    // What is stored is stored: a window marks what is fired from now on.
    const fromMs = Math.max(input.from ?? nowMs, nowMs);
    const until = chooseUntil(input, fromMs, nowMs);
    if (until.kind !== 'done') return until;
    const window = await windows.set({
      kind: 'maintenance',
      pathId: scope.value,
      fromMs,
      untilMs: until.value,
      reason: input.reason,
      by: actor.name,
      setAtMs: nowMs,
    });
    return done(windowView(window, nowMs));
  },
});

export const endMaintenance = operation({
  name: 'maintenanceEnd',
  summary: 'end a maintenance window before its time',
  role: 'operate',
  subject: ({ window }) => String(window),
  input: z.strictObject({ window: z.coerce.number('must be a whole number').int().min(1) }),
  output: windowSchema,
  async run({ clock, windows }, { window: windowId }, { actor }) {
    const nowMs = clock.nowMs();
    const [ended] = await windows.end({ kind: 'maintenance', windowId }, actor.name, nowMs);
    if (ended !== undefined) return done(windowView(ended, nowMs));
    const standing = await windows.standing(nowMs);
    const ids = standing.filter(({ kind }) => kind === 'maintenance').map((one) => one.windowId);
    return refused('window', String(windowId), 'is no window that stands', ids.map(String));
  },
});

export const listMaintenance = operation({
  name: 'maintenance',
  summary: 'list the maintenance windows that run or are to come',
  role: 'read',
  input: z.strictObject({}),
  output: z.strictObject({ windows: z.array(windowSchema) }),
  async run({ clock, windows }) {
    const nowMs = clock.nowMs();
    const standing = await windows.standing(nowMs);
    const views = standing.filter(({ kind }) => kind === 'maintenance');
    return done({ windows: views.map((one) => windowView(one, nowMs)) });
  },
});
