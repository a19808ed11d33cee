// What Redis must do in one step, as Lua: read, compare and write with nobody between. MULTI cannot
// decide by what it reads, and WATCH would retry under contention; a script is one round trip.
import type { Redis } from 'ioredis';

/** The fields of a test's hash beside its stamps. */
export const TEST_FIELDS = {
  registration: 'registration',
  path: 'path',
  backend: 'backend',
  softDeadlineMs: 'soft_deadline_ms',
  firedAt: 'fired_at',
  acceptedAt: 'accepted_at',
  transferId: 'transfer_id',
  outcome: 'outcome',
} as const;

const F = TEST_FIELDS;

/** KEYS test, open tests. ARGV registration, path, backend, soft ms, test id, due, ttl, past. */
const REGISTER = `
if redis.call('HSETNX', KEYS[1], '${F.registration}', ARGV[1]) == 1 then
  redis.call('HSET', KEYS[1],
    '${F.path}', ARGV[2], '${F.backend}', ARGV[3], '${F.softDeadlineMs}', ARGV[4])
  redis.call('PEXPIRE', KEYS[1], ARGV[7])
  redis.call('ZADD', KEYS[2], ARGV[6], ARGV[5])
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[8])
end
return redis.call('HMGET', KEYS[1], '${F.registration}', '${F.firedAt}')
`;

/** KEYS test, open tests. ARGV fired at, test id, fired at in ms. */
const MARK_FIRED = `
local soft = redis.call('HGET', KEYS[1], '${F.softDeadlineMs}')
if not soft then return false end
if redis.call('HSETNX', KEYS[1], '${F.firedAt}', ARGV[1]) == 1 then
  redis.call('ZADD', KEYS[2], 'XX', string.format('%.0f', ARGV[3] + soft), ARGV[2])
end
return redis.call('HGET', KEYS[1], '${F.firedAt}')
`;

/** KEYS test, reverse index. ARGV accepted at, transfer id, test id, ttl. */
const MARK_ACCEPTED = `
if redis.call('HEXISTS', KEYS[1], '${F.registration}') == 0 then return false end
redis.call('HSETNX', KEYS[1], '${F.acceptedAt}', ARGV[1])
redis.call('HSETNX', KEYS[1], '${F.transferId}', ARGV[2])
redis.call('SET', KEYS[2], ARGV[3], 'NX', 'PX', ARGV[4])
return 1
`;

/** KEYS test, open tests. ARGV outcome, test id. */
const MARK_DECIDED = `
redis.call('ZREM', KEYS[2], ARGV[2])
if redis.call('HEXISTS', KEYS[1], '${F.registration}') == 1 then
  redis.call('HSETNX', KEYS[1], '${F.outcome}', ARGV[1])
end
return 1
`;

/** KEYS test. ARGV the frame's field, stamp, earliest field, seen at. ISO times sort as text. */
const STAMP = `
if redis.call('HEXISTS', KEYS[1], '${F.registration}') == 0 then return false end
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 1 then
  local earliest = redis.call('HGET', KEYS[1], ARGV[3])
  if not earliest or ARGV[4] < earliest then
    redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
  end
end
return redis.call('HGET', KEYS[1], ARGV[1])
`;

/** The scripts as commands; each answers null where the test is not registered. */
export interface StampCommands {
  canaryRegister(
    test: string,
    open: string,
    ...rest: readonly (string | number)[]
  ): Promise<readonly (string | null)[]>;
  canaryMarkFired(test: string, open: string, ...rest: readonly (string | number)[]): Reply;
  canaryMarkAccepted(
    test: string,
    index: string,
    ...rest: readonly (string | number)[]
  ): Promise<number | null>;
  canaryMarkDecided(test: string, open: string, ...rest: readonly string[]): Promise<number>;
  canaryStamp(test: string, ...rest: readonly string[]): Reply;
}

type Reply = Promise<string | null>;

/** Gives a connection the scripts; a server that forgot them is taught them again. */
export function withStampCommands(redis: Redis): Redis & StampCommands {
  redis.defineCommand('canaryRegister', { numberOfKeys: 2, lua: REGISTER });
  redis.defineCommand('canaryMarkFired', { numberOfKeys: 2, lua: MARK_FIRED });
  redis.defineCommand('canaryMarkAccepted', { numberOfKeys: 2, lua: MARK_ACCEPTED });
  redis.defineCommand('canaryMarkDecided', { numberOfKeys: 2, lua: MARK_DECIDED });
  redis.defineCommand('canaryStamp', { numberOfKeys: 1, lua: STAMP });
  return redis as Redis & StampCommands;
}
