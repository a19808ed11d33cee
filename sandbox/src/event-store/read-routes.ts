// The reading doors of the EventStore: polls, lookups, head and projection.
import { z } from 'zod';
import { formatAmount } from '../money.js';
import { type Clock, timeText } from '../service/clock.js';
import type { FaultEngine } from '../service/faults.js';
import { HttpError, unavailable } from '../service/http-error.js';
import type { HttpService } from '../service/http-server.js';
import type { LogReader, Page } from './log-reader.js';
import { storedEventText } from './stored-event.js';
import { supplyDelta } from './supply-fold.js';
import { typesParam } from './types-param.js';
import { EVENTS_RESPONSE, headAnswer, SUPPLY_SCHEMA } from './wire.js';

export interface ReadDeps {
  readonly frameId: string;
  readonly reader: LogReader;
  readonly faults: FaultEngine;
  readonly clock: Clock;
}

const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 5_000;
const NDJSON = 'application/x-ndjson';

const EVENTS_SUMMARY =
  'Poll by sequence (after, types, limit; JSON or NDJSON), or look up by memo or transfer_id';

const eventsQuery = z.strictObject({
  after: z.coerce.number().int().min(0).optional(),
  types: typesParam.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).optional(),
  memo: z.string().min(1).optional(),
  transfer_id: z.string().min(1).optional(),
});

type EventsQuery = z.output<typeof eventsQuery>;

export function addReadRoutes(service: HttpService, deps: ReadDeps): void {
  service.get(
    '/api/v1/events',
    { schema: { summary: EVENTS_SUMMARY, querystring: eventsQuery, response: EVENTS_RESPONSE } },
    async (request, reply) => {
      const lookup = lookupOf(request.query);
      if (lookup) return reply.type('application/json').send(await lookUp(deps, lookup));
      if (request.headers.accept?.includes(NDJSON)) {
        return reply.type(NDJSON).send(pageLines(await poll(deps, request.query)));
      }
      return reply.type('application/json').send(pageText(await poll(deps, request.query)));
    },
  );
  const schema = { summary: 'The end of the log', response: { 200: headAnswer } };
  service.get('/api/v1/head', { schema }, async () => {
    const { sequence, hash } = await deps.reader.head();
    return { head: sequence, hash, at: timeText(deps.clock.nowMs()) };
  });
  service.get('/api/v1/projections/supply-audit', { schema: SUPPLY_SCHEMA }, async () =>
    supplyAudit(deps),
  );
}

async function poll(deps: ReadDeps, query: EventsQuery): Promise<Page> {
  const [onlyType, ...otherTypes] = query.types ?? [];
  const eventType = otherTypes.length === 0 ? onlyType : undefined;
  if (deps.faults.hit('poll_unavailable', { frame: deps.frameId, eventType })) {
    throw unavailable('polls are unavailable');
  }
  return deps.reader.poll({
    after: query.after ?? 0,
    limit: query.limit ?? DEFAULT_LIMIT,
    types: query.types,
  });
}

interface Lookup {
  readonly by: 'memo' | 'transfer_id';
  readonly value: string;
}

/** A lookup asks for one thing; whatever else stands beside it would be silently ignored. */
function lookupOf(query: EventsQuery): Lookup | undefined {
  const { memo, transfer_id: transferId, ...page } = query;
  if (memo === undefined && transferId === undefined) return undefined;
  const others = Object.entries(page).filter(([, value]) => value !== undefined);
  if (others.length > 0 || (memo !== undefined && transferId !== undefined)) {
    const message = 'memo and transfer_id each stand alone, without any other parameter';
    throw new HttpError(400, 'malformed_request', message);
  }
  return memo === undefined
    ? { by: 'transfer_id', value: transferId ?? '' }
    : { by: 'memo', value: memo };
}

async function lookUp(deps: ReadDeps, { by, value }: Lookup): Promise<string> {
  const scope = { frame: deps.frameId, memoPrefix: by === 'memo' ? value : undefined };
  if (deps.faults.hit('lookup_unavailable', scope)) throw unavailable('lookups are unavailable');
  // PostgreSQL's text cannot hold a zero character, so no event matches one that has it.
  const { rows, head } = await deps.reader.lookUp(by, value.replaceAll('\0', '\u{fffd}'));
  return `{"events":[${rows.map(storedEventText).join(',')}],"head":${head}}`;
}

function pageText({ rows, through, head }: Page): string {
  const events = rows.map(storedEventText).join(',');
  return `{"events":[${events}],"through":${through},"head":${head}}`;
}

function pageLines({ rows, through, head }: Page): string {
  return [...rows.map(storedEventText), `{"through":${through},"head":${head}}`, ''].join('\n');
}

async function supplyAudit(deps: ReadDeps) {
  const supply = await deps.reader.supply();
  return {
    frame: deps.frameId,
    sequence: supply.sequence,
    producer: supply.producer,
    position: supply.position,
    tokens_issued: formatAmount(supply.issued),
    tokens_destroyed: formatAmount(supply.destroyed),
    transit_net: formatAmount(supply.transitNet),
    tokens_circulating: formatAmount(supply.circulating),
    delta: formatAmount(supplyDelta(supply)),
    as_of: timeText(supply.asOfMs ?? deps.clock.nowMs()),
  };
}
