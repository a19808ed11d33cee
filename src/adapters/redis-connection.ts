// The connection to Redis: while it is away commands fail at once instead of queueing up.
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { createBackOff, RECONNECT_BACK_OFF } from './back-off.js';

export interface RedisConnectionOptions {
  readonly url: string;
  /** A command without an answer fails after this long; its caller retries. */
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly logger: Logger;
}

/**
 * Opens the connection and waits for it, at most the connect timeout. A Redis that is away is no
 * failure here: the connection goes on trying for ever, and until then every command fails at once.
 */
export async function openRedis(options: RedisConnectionOptions): Promise<Redis> {
  const redis = new Redis(options.url, settingsOf(options));
  redis.on('error', (error) => options.logger.warn({ err: error }, 'redis connection'));
  await ready(redis, options.connectTimeoutMs);
  return redis;
}

function settingsOf({ commandTimeoutMs, connectTimeoutMs }: RedisConnectionOptions) {
  const backOff = createBackOff(RECONNECT_BACK_OFF);
  return {
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    enableOfflineQueue: false,
    // A command cut off by a broken connection may have been done; only its caller may repeat it.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // After a failover the old primary keeps our connection and refuses every write.
    reconnectOnError: (error: Error) => error.message.includes('READONLY'),
    retryStrategy(times: number) {
      if (times === 1) backOff.reset();
      return backOff.nextMs();
    },
  };
}

function ready(redis: Redis, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
