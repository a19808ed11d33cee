// A pause or a maintenance window as JSON.
import { z } from 'zod';
import { isActive, type OperatorWindow } from '../../domain/window.js';
import { timeSchema, utc } from './time.js';

export const windowSchema = z.strictObject({
  window: z.int(),
  /** Absent where it covers every path. */
  pathId: z.string().optional(),
  from: timeSchema,
  until: timeSchema,
  /** Whether it has begun; it stands before that, too. */
  active: z.boolean(),
  reason: z.string(),
  by: z.string(),
  setAt: timeSchema,
});

export type WindowView = z.infer<typeof windowSchema>;

export function windowView(window: OperatorWindow, nowMs: number): WindowView {
  return {
    window: window.windowId,
    pathId: window.pathId,
    from: utc(window.fromMs),
    until: utc(window.untilMs),
    active: isActive(window, nowMs),
    reason: window.reason,
    by: window.by,
    setAt: utc(window.setAtMs),
  };
}
