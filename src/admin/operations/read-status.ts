// The operation `status`: the last cycle, what runs, and everything that is red.
import { z } from 'zod';
import { missedSlots } from '../../domain/slot.js';
import type { StoredCycle } from '../../ports.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import { scoreboardSchema, scoreboardView } from '../views/scoreboard-view.js';
import { timeSchema, utc, utcIfKnown } from '../views/time.js';
import { redOf, redSchema } from './red.js';
import { validatorSchema, validatorViews } from './validator-health.js';

/** Enough to hold an hour of slots, so that what is missing between them can be named. */
const CYCLES_LOOKED_AT = 60;
/** The newest results looked at for each path of the matrix, fires by hand included. */
const RESULTS_PER_PATH = 4;

const cycleSchema = z.strictObject({
  cycleId: z.string(),
  /** The due moment; absent for a cycle fired by hand. */
  slot: timeSchema.optional(),
  startedAt: timeSchema,
  closedAt: timeSchema.optional(),
  planned: z.int(),
});

const statusSchema = z.strictObject({
  at: timeSchema,
  /** The last closed cycle, of the schedule where there is one. */
  last: z.strictObject({ ...cycleSchema.shape, scoreboard: scoreboardSchema }).optional(),
  running: z.array(cycleSchema),
  warmUp: z
    .strictObject({ active: z.boolean(), startedAt: timeSchema, endedAt: timeSchema.optional() })
    .optional(),
  validators: z.array(validatorSchema),
  workers: z.array(
    z.strictObject({ id: z.string(), healthUrl: z.string(), startedAt: timeSchema }),
  ),
  /** The total since the first cycle, and the due moments among the last 60 cycles. */
  missedSlots: z.strictObject({ total: z.int(), recent: z.array(timeSchema) }),
  openTests: z.int(),
  red: z.array(redSchema),
});

export type StatusView = z.infer<typeof statusSchema>;

export const readStatus = operation({
  name: 'status',
  summary: 'show the last cycle, what runs and what is red',
  role: 'read',
  input: z.strictObject({}),
  output: statusSchema,
  async run(deps) {
    const facts = await gather(deps);
    const { config, cycles, nowMs, openTests, validators, warmUp, workers } = facts;
    const slots = cycles.flatMap(({ slotMs }) => slotMs ?? []);
    return done({
      at: utc(nowMs),
      last: lastClosed(cycles),
      running: cycles.filter((one) => one.closedAtMs === undefined).map(cycleView),
      warmUp: warmUp && {
        active: warmUp.endedAtMs === undefined,
        startedAt: utc(warmUp.startedAtMs),
        endedAt: utcIfKnown(warmUp.endedAtMs),
      },
      validators: [...validators],
      workers: workers.map(({ id, healthUrl, startedAtMs }) => ({
        id,
        healthUrl,
        startedAt: utc(startedAtMs),
      })),
      missedSlots: {
        total: facts.missed,
        recent: gapsBetween(slots, config.cycle.interval).map(utc),
      },
      openTests: openTests.length,
      red: [
        ...redOf({
          nowMs,
          intervalMs: config.cycle.interval,
          workerStartsMs: workers.map(({ startedAtMs }) => startedAtMs),
          validators,
          lastSlotMs: slots[0],
          newest: facts.newest,
          openTests,
        }),
      ],
    });
  },
});

async function gather(deps: AdminDependencies) {
  const { config, clock, results, stamps } = deps;
  const nowMs = clock.nowMs();
  const [cycles, newest, warmUp, tallies, openTests, states, workers] = await Promise.all([
    results.cycles(CYCLES_LOOKED_AT),
    results.recent({ limit: RESULTS_PER_PATH * config.paths.length }),
    results.warmUp(),
    results.tallies(),
    stamps.openTests(),
    deps.validators.states(),
    deps.workers.alive(),
  ]);
  const validators = validatorViews(config, states, nowMs);
  const missed = tallies
    .filter(({ tally }) => tally === 'missed_slots')
    .reduce((sum, { add }) => sum + add, 0);
  return { config, nowMs, cycles, newest, warmUp, missed, openTests, validators, workers };
}

/** A fire of one path closes a cycle as well, but says nothing about the whole. */
function lastClosed(cycles: readonly StoredCycle[]): StatusView['last'] {
  const closed = cycles.filter((one) => one.scoreboard !== undefined);
  const last = closed.find((one) => one.slotMs !== undefined) ?? closed[0];
  if (last?.scoreboard === undefined) return undefined;
  return { ...cycleView(last), scoreboard: scoreboardView(last.scoreboard) };
}

function cycleView(cycle: StoredCycle): z.infer<typeof cycleSchema> {
  return {
    cycleId: cycle.cycleId,
    slot: utcIfKnown(cycle.slotMs),
    startedAt: utc(cycle.startedAtMs),
    closedAt: utcIfKnown(cycle.closedAtMs),
    planned: cycle.planned,
  };
}

/** The slots that did not fire between those that did, newest first. */
function gapsBetween(slotsMs: readonly number[], intervalMs: number): readonly number[] {
  return slotsMs.flatMap((slotMs, index) =>
    [...missedSlots(slotsMs[index + 1], slotMs, intervalMs)].reverse(),
  );
}
