// The doctor's questions about the reactor itself: configuration, stores, Temporal, what runs.
import { SCHEDULE_IDS, TASK_QUEUES } from '../../names.js';
import type { AdminDependencies, ScheduleState } from '../admin-dependencies.js';
import { utc } from '../views/time.js';
import { type Check, type Found, right, wrong } from './doctor-check.js';
import { isFollowing, type ValidatorView, validatorViews } from './validator-health.js';

const START = 'start it, or correct';
const START_WORKER = 'start a worker (npm start starts one)';

export function reactorChecks(deps: AdminDependencies): readonly Check[] {
  return [
    {
      check: 'config',
      subject: 'file',
      whenAway: '',
      ask: async () => right(`${deps.config.paths.length} paths of ${deps.config.file}`),
    },
    {
      check: 'postgres',
      subject: 'results',
      whenAway: `${START} DATABASE_URL (stores.postgres)`,
      ask: () => askResults(deps),
    },
    {
      check: 'redis',
      subject: 'stamps',
      whenAway: `${START} REDIS_URL (stores.redis)`,
      ask: () => deps.stamps.ping().then(() => right('answers')),
    },
    ...temporalChecks(deps),
    ...kafkaChecks(deps),
    {
      check: 'workers',
      subject: 'all',
      whenAway: `${START} REDIS_URL (stores.redis)`,
      ask: () => askWorkers(deps),
    },
    {
      check: 'validators',
      subject: 'all',
      whenAway: `${START} REDIS_URL (stores.redis)`,
      ask: () => askValidators(deps),
    },
  ];
}

function temporalChecks({ audits, cycles }: AdminDependencies): readonly Check[] {
  const whenAway = `${START} TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE`;
  return [
    {
      check: 'temporal',
      subject: 'schedule',
      whenAway,
      ask: async () => judgeSchedule(await cycles.schedule(), SCHEDULE_IDS.canaryCycle),
    },
    {
      check: 'temporal',
      subject: 'audit schedule',
      whenAway,
      ask: async () => judgeSchedule(await audits.schedule(), SCHEDULE_IDS.supplyAudit),
    },
    {
      check: 'temporal',
      subject: 'audit queue',
      whenAway,
      ask: async () => judgePollers(await audits.pollers()),
    },
    {
      check: 'temporal',
      subject: 'search attributes',
      whenAway,
      ask: async () => judgeSearchAttributes(await cycles.missingSearchAttributes()),
    },
  ];
}

/** Events travel over it wherever brokers are configured, whichever feed counts. */
function kafkaChecks({ config, services }: AdminDependencies): readonly Check[] {
  const { kafka } = config.stores;
  if (kafka.length === 0) return [];
  return [
    {
      check: 'kafka',
      subject: 'brokers',
      whenAway: `${START} KAFKA_BROKERS (stores.kafka)`,
      ask: () => services.askKafka().then(() => right(`${kafka.join(', ')} answers`)),
    },
  ];
}

async function askResults({ results }: AdminDependencies): Promise<Found> {
  await results.ping();
  const [newest] = await results.recent({ limit: 1 });
  if (newest === undefined) return right('answers, no result yet');
  return right(`newest result ${utc(newest.decidedAtMs)}`);
}

function judgeSchedule(schedule: ScheduleState, scheduleId: string): Found {
  if (schedule.kind === 'missing') return wrong('there is no schedule', START_WORKER);
  if (schedule.paused) {
    const note = schedule.note === undefined ? '' : `: ${schedule.note}`;
    return wrong(`paused${note}`, `unpause the schedule ${scheduleId} in the Temporal UI`);
  }
  const { nextAtMs } = schedule;
  return right(nextAtMs === undefined ? 'present' : `next slot ${utc(nextAtMs)}`);
}

function judgePollers(pollers: number): Found {
  if (pollers === 0) return wrong(`no worker polls ${TASK_QUEUES.audit}`, START_WORKER);
  return right(`${pollers} ${pollers === 1 ? 'worker polls' : 'workers poll'}`);
}

function judgeSearchAttributes(missing: readonly string[]): Found {
  if (missing.length === 0) return right('known');
  // The command leaves names out that have no type of their own, and says nothing.
  const names = missing.map((name) => `--type Keyword --name ${name}`).join(' ');
  const advice = `temporal operator search-attribute create ${names}`;
  return wrong(`not known: ${missing.join(', ')}`, advice);
}

async function askWorkers({ services, workers }: AdminDependencies): Promise<Found> {
  const alive = await workers.alive();
  if (alive.length === 0) return wrong('none is alive', START_WORKER);
  const answers = await Promise.all(
    alive.map(async (worker) => ({ id: worker.id, away: await services.awayOf(worker) })),
  );
  const lacking = answers.flatMap(({ id, away = [] }) =>
    away.map(({ name, problem }) => `${id} lacks ${name}: ${problem}`),
  );
  if (lacking.length > 0) {
    const advice = 'see what it lacks: a worker goes on by itself once that is back';
    return wrong(lacking.join('; '), advice);
  }
  const unasked = answers.filter(({ away }) => away === undefined).length;
  const note = unasked === 0 ? '' : `, ${unasked} of them cannot be asked from here`;
  return right(`${alive.length} alive${note}`);
}

async function askValidators({ config, clock, validators }: AdminDependencies): Promise<Found> {
  const views = validatorViews(config, await validators.states(), clock.nowMs());
  const idle = views.filter((one) => !isFollowing(one));
  if (idle.length === 0) return right(`${views.length} of ${views.length} follow their events`);
  const named = describeIdle(views, idle);
  const unheard = idle.every(({ condition }) => condition === 'missing' || condition === 'stale');
  const advice = unheard ? START_WORKER : 'see the EventStore of the frame, and the worker’s log';
  return wrong(named, advice);
}

/** `all of A closed`, or each by its event type. */
function describeIdle(views: readonly ValidatorView[], idle: readonly ValidatorView[]): string {
  const frames = [...new Set(idle.map(({ frame }) => frame))];
  const parts = frames.flatMap((frame) => {
    const ofFrame = idle.filter((one) => one.frame === frame);
    const conditions = new Set(ofFrame.map(({ condition }) => condition));
    const isWhole = ofFrame.length === views.filter((one) => one.frame === frame).length;
    if (isWhole && conditions.size === 1) return `all of ${frame} ${[...conditions].join()}`;
    return ofFrame.map(({ eventType, condition }) => `${frame}/${eventType} ${condition}`);
  });
  return parts.join(', ');
}
