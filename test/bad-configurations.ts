// Configurations that must not be taken, with what is said of each, word for word.

/** Never to be seen in a message. */
export const SECRET = 'hunter2';

/** A small usable file; line 12 begins the stores, and cases append to it. */
export const FILE = `platform:
  lanes: 2
  agentTokensFile: tokens.json
  frames:
    - id: A
      teg: http://127.0.0.1:27100
      eventStore: http://127.0.0.1:27101
      registries:
        - id: A1
          url: http://127.0.0.1:27102
          agents: ['A1:canary-1', 'A1:canary-2']
stores:
  postgres: postgres://me:${SECRET}@127.0.0.1:5432/canary
  redis: redis://:${SECRET}@127.0.0.1:6379
`;

export interface Bad {
  readonly what: string;
  readonly text?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The lines below the headline. */
  readonly lines: readonly string[];
}

/** The usable file with one change. */
export const edited = (from: string, to: string) => {
  if (!FILE.includes(from)) throw new Error(`the file does not hold ${from}`);
  return FILE.replace(from, to);
};

const AMOUNT = 'must be an AVT amount above zero, such as 0.01';
const AGENTS = 'platform.frames.0.registries.0.agents';
const HTTP = 'must be an http or https URL';
const SAME_FEED = 'is the feed that counts; evidence is the other one';
const LISTEN = 'must be host:port, such as 127.0.0.1:9464';
const DURATION = 'must be a duration such as 250ms, 60s, 5m, 1h or 30d';

export const FILES: readonly Bad[] = [
  {
    what: 'an empty file',
    text: '',
    lines: [
      'the whole file: is empty (null)',
      '  -> it needs platform, stores: see canary.example.yaml',
    ],
  },
  {
    what: 'a file that is no mapping',
    text: 'hello',
    lines: [
      'the whole file (canary.yaml:1:1): must be a section with settings of its own ("hello")',
      '  -> its settings are platform, cycle, deadlines, validators, audit, retention, ' +
        'stores, temporal, listen, web, logLevel',
    ],
  },
  {
    what: 'a syntax error, without the lines around it',
    text: edited('postgres: postgres', 'postgres: "postgres'),
    lines: [
      'syntax (canary.yaml:15:1): Missing closing "quote (MISSING_CHAR)',
      '  -> look at this line and the one above: a quote, bracket or colon is not there',
    ],
  },
  {
    what: 'a key twice',
    text: `${FILE}stores: {}\n`,
    lines: [
      'syntax (canary.yaml:15:1): Map keys must be unique (DUPLICATE_KEY)',
      '  -> keep one of them',
    ],
  },
  {
    what: 'an alias without an anchor',
    text: edited("'A1:canary-2'", '*nobody'),
    lines: [
      'syntax: Unresolved alias (the anchor must be set before the alias): nobody (BAD_ALIAS)',
      '  -> a text that begins with * needs quotes',
    ],
  },
  {
    what: 'an unknown setting',
    text: `${FILE}cycles:\n  interval: 60s\n`,
    lines: ['cycles (canary.yaml:15:1): is no setting (cycles)', '  -> did you mean cycle?'],
  },
  {
    what: 'an unknown setting beside secrets',
    text: `${FILE}  postgress: postgres://me:${SECRET}@h/x\n`,
    lines: [
      'stores.postgress (canary.yaml:15:14): is no setting (postgress)',
      '  -> did you mean postgres?',
    ],
  },
  {
    what: 'an unknown backend',
    text: `${FILE}deadlines:\n  warp: { soft: 1s, final: 2s }\n`,
    lines: [
      'deadlines.warp (canary.yaml:16:3): is no setting (warp)',
      '  -> known here: intra, async, 2pc',
    ],
  },
  {
    what: 'a missing section',
    text: FILE.slice(FILE.indexOf('stores')),
    lines: [
      'platform (canary.yaml:1:1): is missing (nothing)',
      '  -> it needs agentTokensFile, frames: see canary.example.yaml',
    ],
  },
  {
    what: 'a malformed amount',
    text: `${FILE}cycle:\n  amount: '0,01'\n`,
    lines: [`cycle.amount (canary.yaml:16:11): ${AMOUNT} ("0,01")`],
  },
  {
    what: 'an amount with seven places',
    text: `${FILE}cycle:\n  amount: '0.0000001'\n`,
    lines: [`cycle.amount (canary.yaml:16:11): ${AMOUNT} ("0.0000001")`],
  },
  {
    what: 'an amount of nothing',
    text: `${FILE}cycle:\n  amount: '0'\n`,
    lines: [`cycle.amount (canary.yaml:16:11): ${AMOUNT} ("0")`],
  },
  {
    what: 'an amount as a number',
    text: `${FILE}cycle:\n  amount: 0.01\n`,
    lines: [
      'cycle.amount (canary.yaml:16:11): must be a text (0.01)',
      "  -> write it in quotes: '0.01'",
    ],
  },
  {
    what: 'a duration without a unit',
    text: `${FILE}cycle:\n  interval: '60'\n`,
    lines: [
      'cycle.interval (canary.yaml:16:13): must be a duration such as 250ms, 60s, 5m, ' +
        '1h or 30d ("60")',
      '  -> write 60s for 60 seconds',
    ],
  },
  {
    what: 'a cycle that fires all the time',
    text: `${FILE}cycle:\n  interval: 0s\n`,
    lines: ['cycle.interval (canary.yaml:16:13): must be longer than zero ("0s")'],
  },
  {
    what: 'a poll without a pause',
    text: `${FILE}validators: { pollInterval: 0ms }\n`,
    lines: ['validators.pollInterval (canary.yaml:15:29): must be longer than zero ("0ms")'],
  },
  {
    what: 'a soft deadline after the final one',
    text: `${FILE}deadlines:\n  2pc: { soft: 2m, final: 90s }\n`,
    lines: [
      'deadlines.2pc (canary.yaml:16:3): soft must not exceed final ({"soft":"2m","final":"90s"})',
    ],
  },
  {
    what: 'an agent of another registry',
    text: edited("'A1:canary-2'", "'A2:canary-2'"),
    lines: [`${AGENTS}.1 (canary.yaml:11:35): must begin with A1: ("A2:canary-2")`],
  },
  {
    what: 'an agent that would pay itself',
    text: edited("'A1:canary-2'", "'A1:canary-1'"),
    lines: [`${AGENTS}.1 (canary.yaml:11:35): is not unique ("A1:canary-1")`],
  },
  {
    what: 'a malformed agent',
    text: edited("'A1:canary-2'", 'canary-2'),
    lines: [
      `${AGENTS}.1 (canary.yaml:11:35): must be <registry>:<name> ("canary-2")`,
      `${AGENTS}.1 (canary.yaml:11:35): must begin with A1: ("canary-2")`,
    ],
  },
  {
    what: 'fewer agents than lanes',
    text: edited(", 'A1:canary-2'", ''),
    lines: [
      'platform.frames.0.registries.0.agents (canary.yaml:11:11): needs an agent for ' +
        'each of the 2 lanes (["A1:canary-1"])',
      '  -> name one for each, or set platform.lanes: 1',
    ],
  },
  {
    what: 'a registry twice',
    text: edited(
      'stores:',
      "        - { id: A1, url: 'http://h', agents: ['A1:a', 'A1:b'] }\nstores:",
    ),
    lines: ['platform.frames.0.registries.1.id (canary.yaml:12:17): is not unique ("A1")'],
  },
  {
    what: 'a frame twice',
    text: edited(
      'stores:',
      '    - id: A\n      teg: http://h\n      eventStore: http://h\n      registries:\n' +
        "        - { id: B1, url: 'http://h', agents: ['B1:a', 'B1:b'] }\nstores:",
    ),
    lines: ['platform.frames.1.id (canary.yaml:12:11): is not unique ("A")'],
  },
  {
    what: 'an address that is none',
    text: edited('teg: http://127', 'teg: ftp://127'),
    lines: [`platform.frames.0.teg (canary.yaml:6:12): ${HTTP} ("ftp://127.0.0.1:27100")`],
  },
  {
    what: 'an address with a password in it',
    text: edited('teg: http://', `teg: ftp://me:${SECRET}@`),
    lines: [`platform.frames.0.teg (canary.yaml:6:12): ${HTTP} ("ftp://me:***@127.0.0.1:27100")`],
  },
  {
    what: 'an address that could be asked but for the password in it',
    text: edited('teg: http://', `teg: http://me:${SECRET}@`),
    lines: [
      'platform.frames.0.teg (canary.yaml:6:12): must not hold a user or a password ' +
        '("http://me:***@127.0.0.1:27100")',
    ],
  },
  {
    what: 'the wrong kind of database',
    text: edited('postgres://me', 'mysql://me'),
    lines: ['stores.postgres (canary.yaml:13:13): must be a postgres:// URL (***)'],
  },
  {
    what: 'a frame over kafka without brokers',
    text: edited('      teg:', '      feed: kafka\n      teg:'),
    lines: [
      'platform.frames.0.feed (canary.yaml:6:13): kafka needs stores.kafka ("kafka")',
      "  -> add stores.kafka: ['127.0.0.1:9092'], or set KAFKA_BROKERS",
    ],
  },
  {
    what: 'evidence over kafka without brokers',
    text: edited('      teg:', '      evidence: kafka\n      teg:'),
    lines: [
      'platform.frames.0.evidence (canary.yaml:6:17): kafka needs stores.kafka ("kafka")',
      "  -> add stores.kafka: ['127.0.0.1:9092'], or set KAFKA_BROKERS",
    ],
  },
  {
    what: 'the feed that counts as its own evidence',
    text: edited('      teg:', '      evidence: event-store\n      teg:'),
    lines: [`platform.frames.0.evidence (canary.yaml:6:17): ${SAME_FEED} ("event-store")`],
  },
  {
    what: 'an address to listen on without a port',
    text: `${FILE}listen: { exporter: localhost }\n`,
    lines: [`listen.exporter (canary.yaml:15:21): ${LISTEN} ("localhost")`],
  },
  {
    what: 'an address to listen on with a port that is none',
    text: `${FILE}listen: { exporter: "localhost:70000" }\n`,
    lines: [
      'listen.exporter (canary.yaml:15:21): must have a port up to 65535 ("localhost:70000")',
    ],
  },
  {
    what: 'several problems, each of them',
    text: `${FILE}logLevel: loud\ncycle:\n  spread: wide\n`,
    lines: [
      'cycle.spread (canary.yaml:17:11): must be a duration such as 250ms, 60s, 5m, 1h ' +
        'or 30d ("wide")',
      'logLevel (canary.yaml:15:11): must be one of debug, info, warn, error ("loud")',
    ],
  },
];

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
      '  -> its settings are platform, cycle, deadlines, validators, audit, retention, ' +
        'stores, temporal, listen, web, logLevel',
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
