// The operations on the configuration that is in use: what it means, and what it says.
import { z } from 'zod';
import { type Config, withoutSecrets } from '../../config.js';
import { BACKENDS } from '../../domain/backend.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';

const checkSchema = z.strictObject({
  file: z.string(),
  frames: z.int(),
  registries: z.int(),
  agents: z.int(),
  paths: z.int(),
  pathsOfBackend: z.record(z.enum(BACKENDS), z.int()),
  intervalMs: z.int(),
  /** What is allowed and hardly meant. */
  warnings: z.array(z.string()),
});

export type ConfigCheck = z.infer<typeof checkSchema>;

/** A configuration that loads is usable; what it cannot be loaded with is told before this runs. */
export const checkConfig = operation({
  name: 'config check',
  summary: 'check the configuration file together with the environment',
  role: 'read',
  input: z.strictObject({}),
  output: checkSchema,
  async run({ config }) {
    const registries = config.topology.frames.flatMap((frame) => frame.registries);
    const counts = BACKENDS.map((backend) => [
      backend,
      config.paths.filter((path) => path.backend === backend).length,
    ]);
    return done({
      file: config.file,
      frames: config.topology.frames.length,
      registries: registries.length,
      agents: registries.flatMap((registry) => registry.agents).length,
      paths: config.paths.length,
      pathsOfBackend: Object.fromEntries(counts),
      intervalMs: config.cycle.interval,
      warnings: [...warningsOf(config)],
    });
  },
});

const sourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('default') }),
  /** A line of the configuration file. */
  z.strictObject({ kind: z.literal('file'), line: z.int() }),
  z.strictObject({ kind: z.literal('environment'), variable: z.string() }),
]);

const shownSchema = z.looseObject({
  file: z.string(),
  /** Every setting as it is written, with where its value came from. */
  settings: z.array(
    z.strictObject({ setting: z.string(), value: z.unknown(), source: sourceSchema }),
  ),
});

export type ShownConfig = z.infer<typeof shownSchema>;

export const showConfig = operation({
  name: 'config show',
  summary: 'show the configuration in use and where it came from, without its secrets',
  role: 'read',
  input: z.strictObject({}),
  output: shownSchema,
  async run({ config }) {
    return done(shownSchema.parse(withoutSecrets(config)));
  },
});

function warningsOf(config: Config): readonly string[] {
  const { interval, spread } = config.cycle;
  return [
    ...(config.paths.length === 0 ? ['no path follows from it: nothing will be fired'] : []),
    ...(spread > interval ? ['cycle.spread exceeds cycle.interval: cycles fire into another'] : []),
  ];
}
