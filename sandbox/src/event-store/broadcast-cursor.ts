// How far the broadcast to one peer has come, in PostgreSQL; only its own loop moves it.
import type { Pool } from 'pg';

export interface BroadcastCursor {
  /** The last sequence that the peer has acknowledged, or that was passed over. */
  read(): Promise<number>;
  move(sequence: number): Promise<void>;
}

export function createBroadcastCursor(pool: Pool, peerFrame: string): BroadcastCursor {
  let known: number | undefined;
  return {
    read: async () => {
      known ??= await readCursor(pool, peerFrame);
      return known;
    },
    move: async (sequence) => {
      await pool.query({ ...MOVE, values: [peerFrame, sequence] });
      known = sequence;
    },
  };
}

const MOVE = {
  name: 'move broadcast cursor',
  text: `INSERT INTO broadcast_cursors (peer_frame, sequence) VALUES ($1, $2)
    ON CONFLICT (peer_frame) DO UPDATE SET sequence = excluded.sequence`,
};

async function readCursor(pool: Pool, peerFrame: string): Promise<number> {
  const { rows } = await pool.query<{ sequence: string }>(
    'SELECT sequence FROM broadcast_cursors WHERE peer_frame = $1',
    [peerFrame],
  );
  return Number(rows[0]?.sequence ?? 0);
}
