// Brings kafkajs' own log lines into ours, one level lower: its errors are retried, not fatal.
import { logLevel as kafkaLevel, type logCreator } from 'kafkajs';
import type { Logger } from '../service/logger.js';

export function kafkaLogCreator(logger: Logger): logCreator {
  return () => (entry) => {
    const { message, timestamp: _timestamp, logger: _name, stack: _stack, ...rest } = entry.log;
    const line = { ...rest, from: `kafkajs/${entry.namespace}` };
    if (entry.level === kafkaLevel.ERROR) logger.warn(line, message);
    else if (entry.level === kafkaLevel.WARN) logger.info(line, message);
    else logger.debug(line, message);
  };
}
