// The sources that hold the truth about canaries: the result store, the stamp store and its boards.
import { frameIds } from '../domain/frame.js';
import type {
  Clock,
  ResultStore,
  RetentionStore,
  StampStore,
  SupplyStore,
  ValidatorBoard,
  WindowStore,
  WorkerBoard,
  WorkerEntry,
} from '../ports.js';
import { familyOf } from './family.js';
import { METRICS } from './metrics.js';
import { openTestFamilies } from './open-test-families.js';
import { cycleFamilies, lastSuccessFamily, warmUpFamily } from './result-families.js';
import type { ExporterSettings } from './settings.js';
import { createSource, type Source } from './source.js';
import { supplyFamilies } from './supply-families.js';
import { tallyFamilies } from './tally-families.js';
import { validatorFamilies } from './validator-families.js';
import { windowFamilies } from './window-families.js';

export type ReadResults = Pick<
  ResultStore,
  'tallies' | 'warmUp' | 'lastClosedCycle' | 'lastPasses'
>;

export interface ResultSourceDependencies {
  readonly clock: Clock;
  readonly settings: ExporterSettings;
  readonly results: ReadResults;
  readonly supply: Pick<SupplyStore, 'overview'>;
  readonly windows: Pick<WindowStore, 'standing'>;
  readonly retention: Pick<RetentionStore, 'oldestMs'>;
}

export function createResultSource(deps: ResultSourceDependencies): Source {
  const { clock, results, retention, settings, supply, windows } = deps;
  return createSource({
    name: 'postgres',
    clock,
    async load() {
      const [tallies, cycle, passes, warmUp, audits, standing, oldestMs] = await Promise.all([
        results.tallies(),
        results.lastClosedCycle(),
        results.lastPasses(),
        results.warmUp(),
        supply.overview(),
        windows.standing(clock.nowMs()),
        retention.oldestMs(),
      ]);
      return {
        families: [
          ...tallyFamilies(tallies, settings.paths),
          lastSuccessFamily(passes, settings.paths),
          warmUpFamily(warmUp),
          ...cycleFamilies(cycle),
          familyOf(METRICS.oldestResult, [{ labels: {}, value: (oldestMs ?? 0) / 1_000 }]),
          ...windowFamilies(standing, settings.paths, clock.nowMs()),
          ...supplyFamilies(audits, frameIds(settings.topology), clock.nowMs()),
        ],
      };
    },
  });
}

export interface StampSourceDependencies {
  readonly clock: Clock;
  readonly settings: ExporterSettings;
  readonly stamps: Pick<StampStore, 'openTests'>;
  readonly validators: Pick<ValidatorBoard, 'states'>;
  readonly workers: Pick<WorkerBoard, 'alive'>;
}

export interface StampSource extends Source {
  /** The workers by the last answer: kept while the store is away, for they may well live on. */
  knownWorkers(): readonly WorkerEntry[];
}

export function createStampSource(deps: StampSourceDependencies): StampSource {
  const { clock, settings } = deps;
  let known: readonly WorkerEntry[] = [];
  const source = createSource({
    name: 'redis',
    clock,
    async load() {
      const [open, states, alive] = await Promise.all([
        deps.stamps.openTests(),
        deps.validators.states(),
        deps.workers.alive(),
      ]);
      known = alive;
      const nowMs = clock.nowMs();
      const silentSinceMs = nowMs - settings.validatorSilenceMs;
      return {
        families: [
          ...openTestFamilies(open, settings.paths, nowMs),
          ...validatorFamilies(states, frameIds(settings.topology), silentSinceMs),
          familyOf(METRICS.workersAlive, [{ labels: {}, value: alive.length }]),
        ],
      };
    },
  });
  return { ...source, knownWorkers: () => known };
}
