// The operations `cycles` and `cycleRead`: the cycles, the newest first, and one with its
// scoreboard.
import { z } from 'zod';
import type { StoredCycle } from '../../ports.js';
import { done, refused } from '../answer.js';
import { operation } from '../operation.js';
import { scoreboardSchema, scoreboardView } from '../views/scoreboard-view.js';
import { timeSchema, utc, utcIfKnown } from '../views/time.js';
import { cursorInput, pageLimit, pageOf, readCursor } from './cursor.js';

const cycleSchema = z.strictObject({
  cycleId: z.string(),
  /** The due moment; absent for a cycle fired by hand. */
  slot: timeSchema.optional(),
  startedAt: timeSchema,
  /** Absent while it runs. */
  closedAt: timeSchema.optional(),
  planned: z.int(),
  /** Absent while it runs. */
  scoreboard: scoreboardSchema.optional(),
});

const placeSchema = z.strictObject({ startedAtMs: z.int(), cycleId: z.string().max(300) });

export const listCycles = operation({
  name: 'cycles',
  summary: 'list the cycles with their scoreboards, the newest first',
  role: 'read',
  input: z.strictObject({ limit: pageLimit, cursor: cursorInput }),
  output: z.strictObject({ cycles: z.array(cycleSchema), nextCursor: z.string().optional() }),
  async run({ results }, { cursor, limit }) {
    const place = readCursor(placeSchema, cursor);
    if (place.kind !== 'done') return place;
    const found = await results.cycles(limit + 1, place.value);
    const { nextCursor, shown } = pageOf(found, limit, ({ cycleId, startedAtMs }) => ({
      startedAtMs,
      cycleId,
    }));
    return done({ cycles: shown.map(cycleView), nextCursor });
  },
});

export const readCycle = operation({
  name: 'cycleRead',
  summary: 'show one cycle with its scoreboard',
  role: 'read',
  input: z.strictObject({ cycleId: z.string().min(1).max(300) }),
  output: cycleSchema,
  async run({ results }, { cycleId }) {
    const cycle = await results.cycle(cycleId);
    if (cycle === undefined) return refused('cycleId', cycleId, 'is no cycle that is stored');
    return done(cycleView(cycle));
  },
});

function cycleView(cycle: StoredCycle): z.infer<typeof cycleSchema> {
  const { scoreboard } = cycle;
  return {
    cycleId: cycle.cycleId,
    slot: utcIfKnown(cycle.slotMs),
    startedAt: utc(cycle.startedAtMs),
    closedAt: utcIfKnown(cycle.closedAtMs),
    planned: cycle.planned,
    scoreboard: scoreboard === undefined ? undefined : scoreboardView(scoreboard),
  };
}
