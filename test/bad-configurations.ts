// Configurations that must not be taken, with what is said of each, word for word.

import { configFileSchema } from '../src/config-schema.js';

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

export const WHOLE_FILE = `  -> its settings are ${Object.keys(configFileSchema.shape).join(', ')}`;

const AMOUNT = 'must be an AVT amount above zero, such as 0.01';
export const AGENTS = 'platform.frames.0.registries.0.agents';
const HTTP = 'must be an http or https URL';
const SAME_FEED = 'is the feed that counts; evidence is the other one';
export const LISTEN = 'must be host:port, such as 127.0.0.1:9464';
export const DURATION = 'must be a duration such as 250ms, 60s, 5m, 1h or 30d';

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
      WHOLE_FILE,
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
