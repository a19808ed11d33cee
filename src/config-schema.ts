// The schema of the configuration file: every setting, its default, its meaning, in one table.
import { z } from 'zod';
import { parseAmount } from './domain/amount.js';
import { FEED_KINDS } from './domain/feed-kind.js';
import { isLoopback } from './listen.js';
import { webSchema } from './web-schema.js';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `250ms`, `60s`, `5m`, `1h`, `30d` as milliseconds; `undefined` for any other text. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  return match === null || unitMs === undefined ? undefined : Number(match[1]) * unitMs;
}

export const DURATION_PROBLEM = 'must be a duration such as 250ms, 60s, 5m, 1h or 30d';

/** The duration that a text was meant to be: `5 min` is `5m`, and `60` is told as seconds. */
export function durationMeant(text: string): string | undefined {
  const match = /^\s*(\d{1,9})\s*([a-z]*)\s*$/i.exec(text);
  if (match === null) return undefined;
  const [, count = '', word = ''] = match;
  if (Number(count) === 0) return undefined;
  if (word === '') return `${count}s for ${count} seconds`;
  const unit = UNIT_WORDS.find(({ words }) => words.test(word));
  return unit === undefined ? undefined : `${count}${unit.unit}`;
}

const UNIT_WORDS = [
  { unit: 'ms', words: /^(ms|msecs?|millis|milliseconds?)$/i },
  { unit: 's', words: /^(s|secs?|seconds?)$/i },
  { unit: 'm', words: /^(m|mins?|minutes?)$/i },
  { unit: 'h', words: /^(h|hrs?|hours?)$/i },
  { unit: 'd', words: /^(d|days?)$/i },
] as const;

/** A duration, as milliseconds once parsed; zero only where it means something. */
function duration(
  meaning: string,
  fallback: string,
  shortest: 'zero' | 'above zero' = 'above zero',
) {
  return z
    .string()
    .regex(/^\d{1,9}(ms|s|m|h|d)$/, { error: DURATION_PROBLEM, abort: true })
    .refine((text) => shortest === 'zero' || parseDuration(text) !== 0, 'must be longer than zero')
    .default(fallback)
    .transform((text) => parseDuration(text) ?? 0)
    .meta({ description: meaning });
}

const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL', abort: true })
  // No request takes them in an address, and every message that names it would show them.
  .refine((text) => !/^https?:\/\/[^/?#]*@/.test(text), 'must not hold a user or a password');
const PORT_MAX = 65_535;
const listen = z
  .string()
  .regex(/^[\w.:[\]-]+:\d{1,5}$/, 'must be host:port, such as 127.0.0.1:9464')
  .refine((text) => !(Number(/\d+$/.exec(text)?.[0]) > PORT_MAX), 'must have a port up to 65535');
const id = z.string().regex(/^[A-Za-z0-9]{1,32}$/, 'must be 1 to 32 letters or digits');
const agent = z
  .string()
  .regex(/^[A-Za-z0-9]{1,32}:[A-Za-z0-9_-]{1,64}$/, 'must be <registry>:<name>');
const amount = z
  .string()
  .refine(
    (text) => (parseAmount(text) ?? 0n) > 0n,
    'must be an AVT amount above zero, such as 0.01',
  );

const registrySchema = z.strictObject({
  id: id.meta({ description: 'the registry, unique over all frames' }),
  url: url.meta({ description: 'base URL of the registry' }),
  agents: z.array(agent).min(1).meta({ description: 'the funded canary agents, in lane order' }),
});

const frameSchema = z.strictObject({
  id: id.meta({ description: 'the frame' }),
  teg: url.meta({ description: 'base URL of the TEG' }),
  eventStore: url.meta({ description: 'base URL of the EventStore' }),
  feed: z
    .enum(FEED_KINDS)
    .default('event-store')
    .meta({ description: 'which of the two ways to hear events counts' }),
  evidence: z
    .enum(FEED_KINDS)
    .optional()
    .meta({ description: 'the other way, to run beside it as evidence; default none' }),
  topic: z.string().optional().meta({ description: 'Kafka topic; default frame-<id>.events' }),
  registries: z.array(registrySchema).min(1),
});

const deadlinePair = (soft: string, final: string) =>
  z
    .strictObject({
      soft: duration('a test completed later is flagged late', soft),
      final: duration('the wait for a verdict ends here', final),
    })
    .refine(({ soft, final }) => soft <= final, 'soft must not exceed final')
    .prefault({});

const auditSchema = z
  .strictObject({
    interval: duration('how often the supply is audited', '60s'),
    cutWait: duration('how long an audit waits for a log that does not show its cut', '15s'),
    missingLimit: duration('an event missing below later ones for longer is a finding', '30s'),
    buckets: z
      .int()
      .min(1)
      .max(256)
      .default(16)
      .meta({ description: 'groups of accounts that are compared; the first audit decides' }),
    openLimits: z
      .strictObject({
        async: duration('an async transfer open for longer is overdue', '6m'),
        '2pc': duration('a 2pc transfer open for longer is overdue', '2m'),
      })
      .prefault({})
      .meta({ description: 'async: must lie past the platform’s refund and its sweep' }),
  })
  .prefault({});

const retentionSchema = z
  .strictObject({
    interval: duration('how often old results are deleted', '1h'),
    passed: duration('clean results, and cycles without a result left, are kept so long', '30d'),
    failed: duration('results that are not clean are kept so long once acknowledged', '400d'),
    unacknowledged: duration('and so long where nobody has acknowledged them', '800d'),
  })
  .refine(({ failed, passed }) => passed <= failed, 'passed must not exceed failed')
  .refine(
    ({ failed, unacknowledged }) => failed <= unacknowledged,
    'failed must not exceed unacknowledged',
  )
  .prefault({});

const upstream = (name: string) =>
  z
    .strictObject({
      url: url.meta({ description: `base URL of ${name}` }),
      tokenFile: z
        .string()
        .optional()
        .meta({ description: `file with the bearer token that ${name} wants from us` }),
    })
    .optional();

const upstreamsSchema = z
  .strictObject({ prometheus: upstream('Prometheus'), grafana: upstream('Grafana') })
  .prefault({});

export const configFileSchema = z
  .strictObject({
    platform: z.strictObject({
      lanes: z.int().min(1).max(64).default(2).meta({ description: 'parallel paths per pair' }),
      feeBasisPoints: z
        .int()
        .min(0)
        .max(10_000)
        .default(10)
        .meta({ description: 'the fee that the platform must charge, rounded up' }),
      agentTokensFile: z.string().meta({ description: 'JSON file: agent id -> bearer token' }),
      frames: z.array(frameSchema).min(1),
    }),
    cycle: z
      .strictObject({
        interval: duration('how often a cycle fires', '60s'),
        spread: duration('over how long a cycle spreads its fires', '40s', 'zero'),
        amount: amount.default('0.010000').meta({ description: 'AVT moved by each test' }),
      })
      .prefault({}),
    deadlines: z
      .strictObject({
        intra: deadlinePair('10s', '60s'),
        async: deadlinePair('30s', '7m'),
        '2pc': deadlinePair('15s', '90s'),
      })
      .prefault({})
      .meta({ description: 'async: final must lie past the platform’s refund' }),
    validators: z
      .strictObject({
        pollInterval: duration('how often the backstop polls', '1s'),
        silence: duration('a stream silent for longer is reconnected', '5s'),
        rotation: duration('how long one activity follows its events', '10m'),
        feeWait: duration('how long a fee event waits for its transfer to be known', '60s'),
        evidenceGrace: duration('how much later one feed may bring an event than the other', '30s'),
      })
      .prefault({}),
    audit: auditSchema,
    retention: retentionSchema,
    stores: z.strictObject({
      postgres: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }),
      redis: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// URL' }),
      kafka: z.array(z.string()).default([]).meta({ description: 'brokers, host:port' }),
    }),
    temporal: z
      .strictObject({
        serverMetricsUrl: url.optional().meta({ description: 'the server’s own /metrics' }),
      })
      .prefault({}),
    links: z
      .strictObject({
        temporalUi: url.optional().meta({ description: 'the Temporal UI, down to the namespace' }),
        grafana: url.optional().meta({ description: 'address of Grafana' }),
      })
      .prefault({})
      .meta({ description: 'where pages send people on; a page leaves out what is not given' }),
    listen: z
      .strictObject({
        worker: listen.default('127.0.0.1:9465'),
        sdkMetrics: listen.default('127.0.0.1:9466'),
        exporter: listen.default('127.0.0.1:9464'),
        web: listen.default('127.0.0.1:9467'),
      })
      .prefault({}),
    web: webSchema,
    upstreams: upstreamsSchema,
    logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .superRefine((config, context) => {
    if (config.web.authentication === 'open' && !isLoopback(config.listen.web)) {
      const path = ['listen', 'web'];
      const message = 'is reached from other machines: set web.authentication to required';
      context.addIssue({ code: 'custom', path, message });
    }
    const published = config.web.hosts.findIndex((host) => !isLoopback(`${host}:80`));
    if (config.web.authentication === 'open' && published >= 0) {
      const message = 'is a name that others come by: set web.authentication to required';
      context.addIssue({ code: 'custom', path: ['web', 'hosts', published], message });
    }
    const seen = new Set<string>();
    const frames = new Set<string>();
    config.platform.frames.forEach((frame, f) => {
      if (frames.has(frame.id)) {
        const path = ['platform', 'frames', f, 'id'];
        context.addIssue({ code: 'custom', path, message: 'is not unique' });
      }
      frames.add(frame.id);
      frame.registries.forEach((registry, r) => {
        const path = ['platform', 'frames', f, 'registries', r];
        if (seen.has(registry.id)) {
          context.addIssue({ code: 'custom', path: [...path, 'id'], message: 'is not unique' });
        }
        seen.add(registry.id);
        registry.agents.forEach((name, a) => {
          const place = [...path, 'agents', a];
          if (!name.startsWith(`${registry.id}:`)) {
            const message = `must begin with ${registry.id}:`;
            context.addIssue({ code: 'custom', path: place, message });
          }
          if (registry.agents.indexOf(name) < a) {
            context.addIssue({ code: 'custom', path: place, message: 'is not unique' });
          }
        });
        if (registry.agents.length < config.platform.lanes) {
          const message = `needs an agent for each of the ${config.platform.lanes} lanes`;
          const count = registry.agents.length;
          const fewer = count === 0 ? '' : `, or set platform.lanes: ${count}`;
          const fix = `name one for each${fewer}`;
          const params = { fix };
          context.addIssue({ code: 'custom', path: [...path, 'agents'], message, params });
        }
      });
      for (const way of ['feed', 'evidence'] as const) {
        if (frame[way] !== 'kafka' || config.stores.kafka.length > 0) continue;
        const path = ['platform', 'frames', f, way];
        const params = { fix: "add stores.kafka: ['127.0.0.1:9092'], or set KAFKA_BROKERS" };
        context.addIssue({ code: 'custom', path, message: 'kafka needs stores.kafka', params });
      }
      if (frame.evidence === frame.feed) {
        const path = ['platform', 'frames', f, 'evidence'];
        const message = 'is the feed that counts; evidence is the other one';
        context.addIssue({ code: 'custom', path, message });
      }
    });
  });

export type ConfigFile = z.infer<typeof configFileSchema>;
