// The environment of the product's processes: the stack's, without what would point them elsewhere.

/** Read by the product before its configuration file; here the file alone says where things are. */
const OVERRIDES_OF_THE_FILE = [
  'DATABASE_URL',
  'DATABASE_URL_FILE',
  'REDIS_URL',
  'REDIS_URL_FILE',
  'KAFKA_BROKERS',
  'CANARY_AGENT_TOKENS_FILE',
  'CANARY_WORKER_LISTEN',
  'CANARY_SDK_METRICS_LISTEN',
  'CANARY_EXPORTER_LISTEN',
  'CANARY_TEMPORAL_SERVER_METRICS',
];

export interface ProductEnvironmentOptions {
  readonly configFile: string;
  readonly temporalAddress: string;
  /** Whether the Temporal server is the stack's own, which has one namespace and no keys. */
  readonly isTemporalOurs: boolean;
}

/** What `npm run canary` needs, too, to talk to this stack. */
export function productEnvironment(
  environment: NodeJS.ProcessEnv,
  options: ProductEnvironmentOptions,
): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name]) =>
      !OVERRIDES_OF_THE_FILE.includes(name) &&
      !(options.isTemporalOurs && name.startsWith('TEMPORAL_')),
  );
  return {
    ...Object.fromEntries(kept),
    CANARY_CONFIG: options.configFile,
    TEMPORAL_ADDRESS: options.temporalAddress,
  };
}
