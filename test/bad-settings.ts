// Slips of the hand and environments that must not be taken, with what is said of each.
import {
  AGENTS,
  type Bad,
  DURATION,
  edited,
  FILE,
  LISTEN,
  SECRET,
  WHOLE_FILE,
} from './bad-configurations.js';

/** Slips of the hand, with what is meant. */
export const SLIPS: readonly Bad[] = [
  {
    what: 'a duration in words',
    text: `${FILE}cycle:\n  interval: 5 min\n`,
    lines: [`cycle.interval (canary.yaml:16:13): ${DURATION} ("5 min")`, '  -> write 5m'],
  },
  {
    what: 'a duration as a number',
    text: `${FILE}cycle:\n  interval: 60\n`,
    lines: [
      `cycle.interval (canary.yaml:16:13): ${DURATION} (60)`,
      '  -> write 60s for 60 seconds',
    ],
  },
  {
    what: 'a longer word of a choice',
    text: `${FILE}logLevel: warning\n`,
    lines: [
      'logLevel (canary.yaml:15:11): must be one of debug, info, warn, error ("warning")',
      '  -> did you mean warn?',
    ],
  },
  {
    what: 'a setting in the wrong section',
    text: `${FILE}spread: 1s\n`,
    lines: ['spread (canary.yaml:15:9): is no setting (spread)', '  -> it belongs below cycle'],
  },
  {
    what: 'a number in quotes',
    text: edited('lanes: 2', "lanes: '2'"),
    lines: [
      'platform.lanes (canary.yaml:2:10): must be a number ("2")',
      '  -> write 2, without quotes',
    ],
  },
  {
    what: 'too large a number',
    text: edited('lanes: 2', 'lanes: 65'),
    lines: [
      'platform.lanes (canary.yaml:2:10): must be at most 64 (65)',
      `${AGENTS} (canary.yaml:11:11): needs an agent for each of the 65 lanes ` +
        '(["A1:canary-1","A1:canary-2"])',
      '  -> name one for each, or set platform.lanes: 2',
    ],
  },
  {
    what: 'a list of one as a text',
    text: edited("['A1:canary-1', 'A1:canary-2']", 'A1:canary-1'),
    lines: [
      `${AGENTS} (canary.yaml:11:19): must be a list ("A1:canary-1")`,
      "  -> write ['A1:canary-1']",
    ],
  },
  {
    what: 'a list of none',
    text: edited("['A1:canary-1', 'A1:canary-2']", '[]'),
    lines: [
      `${AGENTS} (canary.yaml:11:11): needs at least 1 ([])`,
      `${AGENTS} (canary.yaml:11:11): needs an agent for each of the 2 lanes ([])`,
      '  -> name one for each',
    ],
  },
  {
    what: 'a store that is left out',
    text: FILE.replace(/ {2}redis.+\n/, ''),
    lines: ['stores.redis (canary.yaml:12:1): is missing (***)', '  -> write it, or set REDIS_URL'],
  },
  {
    what: 'a secret of another type, not quoted',
    text: edited(`postgres://me:${SECRET}@127.0.0.1:5432/canary`, `[${SECRET}]`),
    lines: [
      'stores.postgres (canary.yaml:13:3): must be a text (***)',
      "  -> write it in quotes: '***'",
    ],
  },
];

export const ENVIRONMENTS: readonly Bad[] = [
  {
    what: 'a bad duration',
    env: { CANARY_CYCLE_INTERVAL: 'soon' },
    lines: [`cycle.interval (from CANARY_CYCLE_INTERVAL): ${DURATION} ("soon")`],
  },
  {
    what: 'a bad level',
    env: { LOG_LEVEL: 'loud' },
    lines: ['logLevel (from LOG_LEVEL): must be one of debug, info, warn, error ("loud")'],
  },
  {
    what: 'a bad secret, not shown',
    env: { DATABASE_URL: `mysql://me:${SECRET}@h/x`, REDIS_URL: `http://:${SECRET}@h` },
    lines: [
      'stores.postgres (from DATABASE_URL): must be a postgres:// URL (***)',
      'stores.redis (from REDIS_URL): must be a redis:// URL (***)',
    ],
  },
  {
    what: 'a secret’s file that is not there',
    env: { REDIS_URL_FILE: '/no/such/file' },
    lines: ['file: cannot be read; set REDIS_URL_FILE to a readable file (/no/such/file)'],
  },
  {
    what: 'an address',
    env: { CANARY_EXPORTER_LISTEN: '9464' },
    lines: [`listen.exporter (from CANARY_EXPORTER_LISTEN): ${LISTEN} ("9464")`],
  },
  {
    what: 'beside a file that is no mapping',
    text: 'hello',
    env: { DATABASE_URL: `postgres://me:${SECRET}@h/x` },
    lines: [
      'the whole file (canary.yaml:1:1): must be a section with settings of its own ("hello")',
      WHOLE_FILE,
    ],
  },
  {
    what: 'below a setting that is no section',
    text: edited('stores:', 'cycle: 60s\nstores:'),
    env: { CANARY_CYCLE_INTERVAL: '60s' },
    lines: [
      'cycle (canary.yaml:12:8): must be a section with settings of its own ("60s")',
      '  -> its settings are interval, spread, amount',
    ],
  },
];
