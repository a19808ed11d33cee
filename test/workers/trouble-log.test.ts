// The log of what is tried again: the first failure at once, then one line every ten seconds with
// how many had none; each place and kind of error for itself.
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createTroubleLog } from '../../src/workers/trouble-log.js';

class StoreAway extends Error {
  override readonly name = 'StoreAway';
}

test('lines of an outage', () => {
  const lines: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) });
  let nowMs = 0;
  const log = createTroubleLog(logger, { nowMs: () => nowMs }, 'tries again');
  const fail = (atMs: number, frame: string, error: Error) => {
    nowMs = atMs;
    log.tell({ frame }, `event ${atMs}`, error);
  };
  fail(0, 'A', new StoreAway('redis'));
  fail(200, 'A', new StoreAway('redis'));
  fail(400, 'B', new StoreAway('redis'));
  fail(600, 'A', new Error('another'));
  fail(9_999, 'A', new StoreAway('redis'));
  fail(10_000, 'A', new StoreAway('redis, still'));
  fail(20_000, 'A', new StoreAway('redis, still'));
  const told = lines.map((line) => {
    const { frame, what, untold, msg } = JSON.parse(line);
    return [frame, what, untold, msg];
  });
  expect(told).toEqual([
    ['A', 'event 0', undefined, 'tries again'],
    ['B', 'event 400', undefined, 'tries again'],
    ['A', 'event 600', undefined, 'tries again'],
    ['A', 'event 10000', 2, 'tries again'],
    ['A', 'event 20000', undefined, 'tries again'],
  ]);
});
