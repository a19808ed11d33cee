// What must hold of the books of two TEGs, whatever happened to them before.
import { expect } from 'vitest';
import { fold, snapshotOf } from './fold.js';
import { callTeg, eventually, untilQuiet } from './teg-client.js';
import type { TegPlatform, TestTeg } from './teg-platform.js';

/** The events up to a snapshot's position explain exactly what it shows. */
export async function expectSnapshotExplained(teg: TestTeg, buckets = 16): Promise<void> {
  const path = `/teg/supply-snapshot?buckets=${buckets}`;
  // A fault may make the TEG unavailable for a moment.
  const { body } = await eventually(async () => {
    const answer = await callTeg(teg, 'GET', path);
    return answer.status === 200 && answer;
  }, `frame ${teg.name} answers a snapshot`);
  const position = Number(body.position);
  await eventually(() => published(teg, position), `frame ${teg.name} publishes ${position}`);
  const explained = snapshotOf(fold(teg.published, position), buckets);
  expect({ totals: body.totals, buckets: body.buckets }).toEqual(explained);
  expect(Number(body.marker_position)).toBeGreaterThan(position);
}

/** Once nothing is in flight: no token lost or made, no transfer half done. */
export async function expectBooksClosed(platform: TegPlatform): Promise<void> {
  await untilQuiet(platform);
  await expectNothingLost(platform);
  await expectNothingHalfDone(platform);
  for (const teg of Object.values(platform.tegs)) {
    await expectSnapshotExplained(teg);
    await expectAccountsExplained(teg);
  }
}

/** All positions up to this one have come through the pipe. */
function published(teg: TestTeg, position: number): boolean {
  const seen = new Set(teg.published.map((event) => event.position));
  return Array.from({ length: position }, (_, index) => index + 1).every((p) => seen.has(p));
}

async function expectNothingLost(platform: TegPlatform): Promise<void> {
  let inTransit = 0n;
  let circulating = 0n;
  let issued = 0n;
  for (const teg of Object.values(platform.tegs)) {
    const sums = await classSums(teg);
    expect(sums.total, `frame ${teg.name} is balanced`).toBe(0n);
    expect(sums.held, `frame ${teg.name} holds nothing`).toBe(0n);
    inTransit += sums.in_transit;
    circulating += sums.circulating;
    issued += await issuedByEntries(teg);
  }
  expect(inTransit, 'nothing is left in transit').toBe(0n);
  expect(circulating, 'circulating is issued minus destroyed').toBe(issued);
}

/** A transfer is settled here exactly if it is credited there, over both frames. */
async function expectNothingHalfDone(platform: TegPlatform): Promise<void> {
  const incoming = new Map<string, string>();
  for (const teg of Object.values(platform.tegs)) {
    for (const row of await teg.query('SELECT transfer_id, state FROM incoming_transfers')) {
      incoming.set(row.transfer_id, row.state);
    }
  }
  const done = new Set(['credited', 'committed']);
  for (const teg of Object.values(platform.tegs)) {
    const rows = await teg.query(
      `SELECT transfer_id, status FROM transfers WHERE backend = 'async'
         OR (backend = '2pc' AND sender_frame <> receiver_frame)`,
    );
    for (const { transfer_id: id, status } of rows) {
      const isDone = done.has(incoming.get(id) ?? 'unknown');
      expect(isDone, `${id} is ${status} here, ${incoming.get(id)} there`).toBe(
        status === 'settled',
      );
    }
  }
}

/** Every single account has the balance that the events give it. */
async function expectAccountsExplained(teg: TestTeg): Promise<void> {
  const rows = await teg.query<{ account: string; balance: string; head: string }>(
    `SELECT account, balance, position AS head FROM accounts, outbox_head
     WHERE class NOT IN ('in_transit', 'issuance') ORDER BY account`,
  );
  const head = Number(rows[0]?.head);
  await eventually(() => published(teg, head), `frame ${teg.name} publishes ${head}`);
  const { balances } = fold(teg.published, head);
  const told = rows.map(({ account }) => [account, String(balances.get(account) ?? 0n)]);
  expect(rows.map(({ account, balance }) => [account, balance])).toEqual(told);
}

async function classSums(teg: TestTeg) {
  const [row] = await teg.query(
    `SELECT sum(balance) AS total, sum(held) AS held,
       sum(balance) FILTER (WHERE class NOT IN ('in_transit', 'issuance')) AS circulating,
       sum(balance) FILTER (WHERE class = 'in_transit') AS in_transit
     FROM accounts`,
  );
  const sum = (name: string) => BigInt(row?.[name]);
  return {
    total: sum('total'),
    held: sum('held'),
    circulating: sum('circulating'),
    in_transit: sum('in_transit'),
  };
}

async function issuedByEntries(teg: TestTeg): Promise<bigint> {
  const [row] = await teg.query<{ issued: string }>(
    `SELECT coalesce(-sum(amount), 0) AS issued FROM postings JOIN entries USING (entry_id)
     WHERE kind IN ('issue', 'destroy') AND account LIKE 'issuance/%'`,
  );
  return BigInt(row?.issued ?? 0);
}
