// Sends the frame's own Initiated and Settled to every other frame's EventStore.
import type { Pool } from 'pg';
import { BROADCAST_TYPES } from '../names.js';
import { type BackOff, createBackOff } from '../service/back-off.js';
import { type Bell, createBell } from '../service/bell.js';
import type { FaultEngine } from '../service/faults.js';
import type { Logger } from '../service/logger.js';
import { withSignal } from '../service/with-signal.js';
import { createBroadcastCursor } from './broadcast-cursor.js';
import { type Envelope, envelopeSchema } from './envelope.js';
import { faultScopeOf } from './incoming-event.js';
import type { StoredEvent } from './stored-event.js';

export interface Peer {
  readonly frameId: string;
  /** Base address of its EventStore. */
  readonly url: string;
}

export interface BroadcastDeps {
  readonly pool: Pool;
  readonly frameId: string;
  readonly peers: readonly Peer[];
  readonly peerToken: string;
  readonly faults: FaultEngine;
  readonly logger: Logger;
  readonly random: () => number;
}

export interface Broadcast {
  /** Events to broadcast are in the log: look now. */
  wake(): void;
  close(): Promise<void>;
}

const MAX_PER_POST = 200;
const POST_TIMEOUT_MS = 10_000;
const LONGEST_WAIT_MS = 2_000;

/** Without a wake it looks this often, so that none can be missed for long. */
const IDLE_LOOK_MS = 1_000;

/** One loop per peer: a peer that is away holds up nobody else. */
export function createBroadcast(deps: BroadcastDeps): Broadcast {
  const closing = new AbortController();
  const bells = deps.peers.map(() => createBell());
  const ring = () => {
    for (const bell of bells) bell.ring();
  };
  const loops = deps.peers.map((peer, index) =>
    serve(deps, peer, bells[index] ?? createBell(), closing.signal),
  );
  return {
    wake: ring,
    close: async () => {
      closing.abort();
      ring();
      await Promise.all(loops);
    },
  };
}

async function serve(
  deps: BroadcastDeps,
  peer: Peer,
  bell: Bell,
  stop: AbortSignal,
): Promise<void> {
  const backOff = createBackOff(deps.random, LONGEST_WAIT_MS);
  const cursor = createBroadcastCursor(deps.pool, peer.frameId);
  while (!stop.aborted) {
    try {
      const progress = await sendNext(deps, peer, cursor, stop);
      if (progress === 'held') await backOff.wait(stop);
      else backOff.reset();
      if (progress === 'idle') await bell.wait(IDLE_LOOK_MS);
    } catch (error) {
      await pause(deps.logger, peer, error, backOff, stop);
    }
  }
}

async function pause(
  logger: Logger,
  peer: Peer,
  error: unknown,
  backOff: BackOff,
  stop: AbortSignal,
): Promise<void> {
  if (stop.aborted) return;
  logger.warn({ err: error, peer: peer.frameId }, 'a broadcast failed, sending it again');
  await backOff.wait(stop);
}

/** Sends the events after the cursor; moves the cursor when the peer has acknowledged them. */
async function sendNext(
  deps: BroadcastDeps,
  peer: Peer,
  cursor: ReturnType<typeof createBroadcastCursor>,
  stop: AbortSignal,
): Promise<'idle' | 'sent' | 'held'> {
  const after = await cursor.read();
  const next = await readNext(deps.pool, after);
  const { passing, through } = applyCuts(deps, peer, next);
  if (passing.length > 0) await post(deps, peer, passing, stop);
  if (through !== undefined) await cursor.move(through);
  if (through !== next.at(-1)?.sequence) return 'held';
  // What came while these were sent has rung the bell.
  return next.length < MAX_PER_POST ? 'idle' : 'sent';
}

/** Whether an event of the log goes to the other frames: own ones of the broadcast types. */
export function isToBroadcast({ envelope, foreignFrom }: StoredEvent): boolean {
  return foreignFrom === null && BROADCAST_TYPES.some((type) => type === envelope.event_type);
}

interface Outgoing {
  readonly sequence: number;
  readonly envelope: Envelope;
}

/** `lose` passes an event over for ever; `hold` stops before it. */
function applyCuts(deps: BroadcastDeps, peer: Peer, next: readonly Outgoing[]) {
  const passing: Envelope[] = [];
  let through: number | undefined;
  for (const { sequence, envelope } of next) {
    const cut = deps.faults.hit('cut_broadcast', {
      ...faultScopeOf(deps.frameId, envelope),
      to: peer.frameId,
    });
    if (cut?.params?.mode === 'hold') break;
    if (cut === undefined) passing.push(envelope);
    through = sequence;
  }
  return { passing, through };
}

// The list stands in the statement, so that it matches the partial index.
const READ_NEXT = `
SELECT sequence, canonical FROM events
WHERE event_type IN (${BROADCAST_TYPES.map((type) => `'${type}'`).join(', ')}) AND sequence > $1
ORDER BY sequence LIMIT ${MAX_PER_POST}`;

async function readNext(pool: Pool, after: number): Promise<readonly Outgoing[]> {
  const { rows } = await pool.query<{ sequence: string; canonical: string }>({
    name: 'read next broadcast',
    text: READ_NEXT,
    values: [after],
  });
  return rows.map((row) => ({
    sequence: Number(row.sequence),
    envelope: envelopeSchema.parse(JSON.parse(row.canonical)),
  }));
}

/** The peer answers when its own frame's pipe has acknowledged the events. */
async function post(
  deps: BroadcastDeps,
  peer: Peer,
  events: readonly Envelope[],
  stop: AbortSignal,
): Promise<void> {
  const limits = { stop: [stop], limitMs: POST_TIMEOUT_MS };
  await withSignal(limits, async (signal) => {
    const answer = await fetch(`${peer.url}/api/v1/broadcast`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${deps.peerToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ from: deps.frameId, events }),
      signal,
    });
    const text = await answer.text();
    if (answer.ok) return;
    throw new Error(`${peer.url} answered ${answer.status}: ${text.slice(0, 200)}`);
  });
}
