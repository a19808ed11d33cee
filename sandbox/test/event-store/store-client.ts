// A client of one running EventStore, for cases.
import { WebSocket } from 'ws';
import { z } from 'zod';
import { deriveTokens } from '../../src/service/tokens.js';
import { eventStoreUrl } from '../../src/topology.js';
import { eventually, type TestPlatform } from '../service/test-platform.js';

const storedEvent = z.looseObject({
  sequence: z.number(),
  stored_at: z.string(),
  foreign_from: z.string().nullable(),
  prev_hash: z.string(),
  hash: z.string(),
  producer: z.string(),
  position: z.number(),
  event_type: z.string(),
});

const pageSchema = z.object({
  events: z.array(storedEvent),
  through: z.number(),
  head: z.number(),
});

const struckFaults = z.object({
  faults: z.array(z.object({ kind: z.string(), fault_id: z.string() })),
});

export type StoredEventAnswer = z.output<typeof storedEvent>;
export type PageAnswer = z.output<typeof pageSchema>;

export interface FaultRequest {
  readonly kind: string;
  readonly [field: string]: unknown;
}

export function createStoreClient(platform: TestPlatform, frameId: string) {
  const url = eventStoreUrl(platform.topology, frameId);
  const tokens = deriveTokens(platform.topology.secretSeed);
  const control = (method: string, path: string, body?: unknown) =>
    fetch(`${url}/control/faults${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens.control}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const poll = async (query: string): Promise<PageAnswer> => {
    const answer = await fetch(`${url}/api/v1/events?${query}`);
    return pageSchema.parse(await answer.json());
  };
  const head = async () => z.object({ head: z.number() }).parse(await json('/api/v1/head')).head;
  const json = async (path: string): Promise<unknown> => (await fetch(url + path)).json();
  return {
    url,
    tokens,
    poll,
    json,
    get: (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers }),
    lookUp: async (query: string) => {
      const body = await json(`/api/v1/events?${query}`);
      return z.object({ events: z.array(storedEvent), head: z.number() }).parse(body);
    },
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    headReaches: (sequence: number) =>
      eventually(async () => ((await head()) >= sequence ? true : undefined)),
    readAll: async (): Promise<readonly StoredEventAnswer[]> => {
      const events: StoredEventAnswer[] = [];
      for (let after = 0; ; ) {
        const page = await poll(`after=${after}&limit=5000`);
        events.push(...page.events);
        if (page.through >= page.head) return events;
        after = page.through;
      }
    },
    fault: async (spec: FaultRequest): Promise<string> => {
      const answer = await control('POST', '', spec);
      if (!answer.ok) throw new Error(await answer.text());
      return z.object({ id: z.string() }).parse(await answer.json()).id;
    },
    clearFaults: async () => {
      await control('DELETE', '');
    },
    /** Kinds of the strikes of a fault that the oracle tells of. */
    strikesOf: async (faultId: string): Promise<readonly string[]> => {
      const headers = { authorization: `Bearer ${tokens.oracle}` };
      const answer = await fetch(`${url}/oracle/faults?limit=1000`, { headers });
      const { faults } = struckFaults.parse(await answer.json());
      return faults.filter((strike) => strike.fault_id === faultId).map(({ kind }) => kind);
    },
    subscribe: (query = '') => subscribe(`${url.replace('http', 'ws')}/api/v1/stream${query}`),
  };
}

export type StoreClient = ReturnType<typeof createStoreClient>;

/** A stream connection that keeps what it got. */
async function subscribe(address: string) {
  const socket = new WebSocket(address);
  const events: StoredEventAnswer[] = [];
  const heartbeats: number[] = [];
  let pongs = 0;
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString());
    if (message.heartbeat === true) heartbeats.push(message.head);
    else events.push(storedEvent.parse(message));
  });
  socket.on('pong', () => {
    pongs += 1;
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    events,
    heartbeats,
    positions: () => events.map((event) => event.position),
    pongs: () => pongs,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    gets: (count: number) => eventually(() => (events.length >= count ? true : undefined)),
    nextHeartbeat: async () => {
      const before = heartbeats.length;
      return eventually(() => heartbeats.slice(before)[0]);
    },
    close: () => socket.terminate(),
  };
}
