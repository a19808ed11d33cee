// The operation `status`: the last cycle, what runs, and everything that is red.
import { z } from 'zod';
import { missedSlots } from '../../domain/slot.js';
import type { WarmUp } from '../../domain/warm-up.js';
import type { StoredCycle } from '../../ports.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import { scoreboardSchema, scoreboardView } from '../views/scoreboard-view.js';
import { readSupply, supplySchema } from '../views/supply-view.js';
import { timeSchema, utc, utcIfKnown } from '../views/time.js';
import { type Live, redOf, redSchema } from './red.js';
import { unlessAway } from './unless-away.js';
import { validatorSchema, validatorViews } from './validator-health.js';

/** Enough to hold an hour of slots, so that what is missing between them can be named. */
const CYCLES_LOOKED_AT = 60;
/** The newest results looked at for each path of the matrix, fires by hand included. */
const RESULTS_PER_PATH = 4;

export const cycleSchema = z.strictObject({
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
  // From Redis, absent while it is away.
  validators: z.array(validatorSchema).optional(),
  workers: z
    .array(z.strictObject({ id: z.string(), healthUrl: z.string(), startedAt: timeSchema }))
    .optional(),
  openTests: z.int().optional(),
  // From PostgreSQL, absent while it is away, as are `last`, `warmUp` and `supply`.
  missedSlots: z.strictObject({ total: z.int(), recent: z.array(timeSchema) }).optional(),
  /** The newest certificate of the supply audits; absent before the first. */
  supply: supplySchema.optional(),
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
    const nowMs = deps.clock.nowMs();
    const [results, live] = await Promise.all([
      unlessAway(readResults(deps)),
      unlessAway(readLive(deps, nowMs)),
    ]);
    if (results.problem !== undefined && live.problem !== undefined) throw results.problem;
    const { cycles = [], missed, newest = [], supply, warmUp } = results.value ?? {};
    const slots = cycles.flatMap(({ slotMs }) => slotMs ?? []);
    return done({
      at: utc(nowMs),
      last: lastClosed(cycles),
      running: cycles.filter((one) => one.closedAtMs === undefined).map(cycleView),
      warmUp: warmUp && warmUpView(warmUp),
      ...(live.value && liveView(live.value)),
      missedSlots:
        missed === undefined
          ? undefined
          : { total: missed, recent: gapsBetween(slots, deps.config.cycle.interval).map(utc) },
      supply,
      red: [
        ...redOf({
          nowMs,
          intervalMs: deps.config.cycle.interval,
          problems: [results.problem, live.problem].flatMap((one) => one ?? []),
          live: live.value,
          slots: results.value && { lastSlotMs: slots[0] },
          newest,
        }),
      ],
    });
  },
});

async function readResults({ config, results, supply: store }: AdminDependencies) {
  const [cycles, newest, warmUp, tallies, supply] = await Promise.all([
    results.cycles(CYCLES_LOOKED_AT),
    results.recent({ limit: RESULTS_PER_PATH * config.paths.length }),
    results.warmUp(),
    results.tallies(),
    readSupply(store),
  ]);
  const missed = tallies
    .filter(({ tally }) => tally === 'missed_slots')
    .reduce((sum, { add }) => sum + add, 0);
  return { cycles, newest, warmUp, missed, supply };
}

async function readLive({ config, ...deps }: AdminDependencies, nowMs: number): Promise<Live> {
  const [openTests, states, workers] = await Promise.all([
    deps.stamps.openTests(),
    deps.validators.states(),
    deps.workers.alive(),
  ]);
  const lacks = await Promise.all(
    workers.map(async (worker) => ({
      workerId: worker.id,
      away: (await deps.services.awayOf(worker)) ?? [],
    })),
  );
  return { openTests, validators: validatorViews(config, states, nowMs), workers, lacks };
}

function liveView({ openTests, validators, workers }: Live) {
  return {
    validators: [...validators],
    workers: workers.map(({ id, healthUrl, startedAtMs }) => ({
      id,
      healthUrl,
      startedAt: utc(startedAtMs),
    })),
    openTests: openTests.length,
  };
}

export function warmUpView({ startedAtMs, endedAtMs }: WarmUp): StatusView['warmUp'] {
  const active = endedAtMs === undefined;
  return { active, startedAt: utc(startedAtMs), endedAt: utcIfKnown(endedAtMs) };
}

/** A fire of one path closes a cycle as well, but says nothing about the whole. */
function lastClosed(cycles: readonly StoredCycle[]): StatusView['last'] {
  const closed = cycles.filter((one) => one.scoreboard !== undefined);
  const last = closed.find((one) => one.slotMs !== undefined) ?? closed[0];
  if (last?.scoreboard === undefined) return undefined;
  return { ...cycleView(last), scoreboard: scoreboardView(last.scoreboard) };
}

export function cycleView(cycle: StoredCycle): z.infer<typeof cycleSchema> {
  return {
    cycleId: cycle.cycleId,
    slot: utcIfKnown(cycle.slotMs),
    startedAt: utc(cycle.startedAtMs),
    closedAt: utcIfKnown(cycle.closedAtMs),
    planned: cycle.planned,
  };
}

/** The slots that did not fire between those that did, newest first. */
export function gapsBetween(slotsMs: readonly number[], intervalMs: number): readonly number[] {
  return slotsMs.flatMap((slotMs, index) =>
    [...missedSlots(slotsMs[index + 1], slotMs, intervalMs)].reverse(),
  );
}
