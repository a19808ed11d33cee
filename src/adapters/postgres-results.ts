// Results, cycles, findings and corrections in PostgreSQL: each write one statement, which is one
// transaction, with the counters that it moves (design, decision 10).
import type { ResultStore } from '../ports.js';
import { acknowledgeTests, readTroubles } from './postgres-attention.js';
import type { Postgres } from './postgres-connection.js';
import {
  closeCycle,
  openCycle,
  readCycle,
  readCycles,
  readLastClosedCycle,
  recordMissedSlots,
} from './postgres-cycles.js';
import { appendNews, readCorrections, readFindings } from './postgres-news.js';
import { readNewestOfPaths, readPathTotals, readUnpassed } from './postgres-path-reads.js';
import {
  readLastPasses,
  readRecent,
  readResult,
  readResultsOfCycle,
} from './postgres-result-reads.js';
import { closeResult, recordResult } from './postgres-result-writes.js';
import { readTallies } from './postgres-tallies.js';
import { beginWarmUp, endWarmUp, readWarmUp } from './postgres-warm-ups.js';

const PING = { name: 'canary-ping', text: 'select 1' };

/** All calls throw `StoreUnavailableError` while PostgreSQL is away; none is retried here. */
export function createPostgresResults(postgres: Postgres): ResultStore {
  return {
    record: (result, tallies) => recordResult(postgres, result, tallies),
    append: (testId, news) => appendNews(postgres, testId, news),
    close: (testId, closing, tallies) => closeResult(postgres, testId, closing, tallies),
    result: (testId) => readResult(postgres, testId),
    resultsOfCycle: (cycleId) => readResultsOfCycle(postgres, cycleId),
    recent: (query) => readRecent(postgres, query),
    openCycle: (cycle) => openCycle(postgres, cycle),
    recordMissedSlots: (slotsMs) => recordMissedSlots(postgres, slotsMs),
    closeCycle: (scoreboard, closedAtMs) => closeCycle(postgres, scoreboard, closedAtMs),
    cycles: (limit, after) => readCycles(postgres, limit, after),
    cycle: (cycleId) => readCycle(postgres, cycleId),
    lastClosedCycle: () => readLastClosedCycle(postgres),
    acknowledge: (which, word) => acknowledgeTests(postgres, which, word),
    troubles: (pathIds) => readTroubles(postgres, pathIds),
    lastPasses: () => readLastPasses(postgres),
    pathTotals: (sinceMs) => readPathTotals(postgres, sinceMs),
    newestOfPaths: (pathIds, each) => readNewestOfPaths(postgres, pathIds, each),
    unpassedSince: (pathIds) => readUnpassed(postgres, pathIds),
    corrections: (testId) => readCorrections(postgres, testId),
    findings: (testId) => readFindings(postgres, testId),
    tallies: () => readTallies(postgres),
    beginWarmUp: (atMs) => beginWarmUp(postgres, atMs),
    endWarmUp: (end, atMs) => endWarmUp(postgres, end, atMs),
    warmUp: () => readWarmUp(postgres),
    async ping() {
      await postgres.query(PING);
    },
  };
}
