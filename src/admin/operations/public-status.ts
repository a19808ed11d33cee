// The operation behind the public status page and the badges: how each route goes, without
// balances, agents, reasons or anything that only an operator needs.
import { z } from 'zod';
import type { PathId } from '../../domain/path.js';
import { ROUTE_STATES, routeState, routesOf, worstOf } from '../../domain/public-route.js';
import type { PathTotals } from '../../ports.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import { timeSchema, utc, utcIfKnown } from '../views/time.js';

const DAY_MS = 86_400_000;
export const PUBLIC_WINDOWS = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS } as const;
export type PublicWindow = keyof typeof PUBLIC_WINDOWS;

/** As many cycles without a verdict leave a path unknown. */
const CYCLES_SILENT_MAX = 10;

const ratio = z.number().min(0).max(1).optional();
const routeSchema = z.strictObject({
  route: z.string(),
  state: z.enum(ROUTE_STATES),
  /** Passed of those passed or failed; absent where there was none. */
  uptime: ratio,
  /** The slowest median and 95th percentile of its paths, by what validators saw. */
  p50Ms: z.number().optional(),
  p95Ms: z.number().optional(),
});

export const publicStatusSchema = z.strictObject({
  at: timeSchema,
  window: z.enum(['24h', '7d', '30d']),
  state: z.enum(ROUTE_STATES),
  uptime: ratio,
  p50Ms: z.number().optional(),
  p95Ms: z.number().optional(),
  /** Since when a warm-up or a maintenance of all paths runs: failures are expected. */
  maintenanceSince: timeSchema.optional(),
  routes: z.array(routeSchema),
});

export type PublicStatus = z.infer<typeof publicStatusSchema>;

export const readPublicStatus = operation({
  name: 'publicStatus',
  summary: 'show how each route goes, as the public may know it',
  role: 'read',
  input: z.strictObject({ window: z.enum(['24h', '7d', '30d']).default('24h') }),
  output: publicStatusSchema,
  async run({ clock, config, results, windows }, { window }) {
    const nowMs = clock.nowMs();
    const [totals, newest, standing] = await Promise.all([
      results.pathTotals(nowMs - PUBLIC_WINDOWS[window]),
      results.newestOfPaths(
        config.paths.map(({ id }) => id),
        1,
      ),
      windows.standing(nowMs),
    ]);
    const notBeforeMs =
      nowMs - CYCLES_SILENT_MAX * config.cycle.interval - config.finalDeadlineMaxMs;
    const routes = [...routesOf(config.paths)].map(([route, pathIds]) => ({
      route,
      state: routeState(pathIds, newest, notBeforeMs),
      ...figuresOf(totals, pathIds),
    }));
    const held = standing.find((one) => one.pathId === undefined && one.fromMs <= nowMs);
    return done({
      at: utc(nowMs),
      window,
      state: worstOf(routes.map(({ state }) => state)),
      ...figuresOf(
        totals,
        config.paths.map(({ id }) => id),
      ),
      maintenanceSince: utcIfKnown(held?.fromMs),
      routes,
    });
  },
});

function figuresOf(totals: readonly PathTotals[], pathIds: readonly PathId[]) {
  const own = totals.filter(({ pathId }) => pathIds.includes(pathId));
  const sum = (figure: 'passed' | 'failed') => own.reduce((all, one) => all + one[figure], 0);
  const judged = sum('passed') + sum('failed');
  const most = (figure: 'p50Ms' | 'p95Ms') => {
    const known = own.flatMap((one) => one[figure] ?? []);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  return {
    uptime: judged === 0 ? undefined : sum('passed') / judged,
    p50Ms: most('p50Ms'),
    p95Ms: most('p95Ms'),
  };
}
