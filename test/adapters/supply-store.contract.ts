// What every store of supply audits must do: an audit is stored whole or not at all, once, and in
// a chain; what stands and what is open is found again exactly.
import { describe, expect, test } from 'vitest';
import type { SupplyStore } from '../../src/ports.js';
import {
  changeOf,
  DECIDED_AT_MS,
  findingOf,
  fullBook,
  nextCertificate,
  recordOf,
} from '../support/supply-samples.js';

const MINUTE_MS = 60_000;
const WHO = { by: 'ada', atMs: DECIDED_AT_MS, reason: 'planted by hand' };

/** `fresh` answers an empty store. */
export function supplyStoreContract(name: string, fresh: () => Promise<SupplyStore>): void {
  describe(`supply audits: ${name}`, () => {
    chainCases(fresh);
    onceCases(fresh);
    stateCases(fresh);
    findingCases(fresh);
  });
}

type Fresh = () => Promise<SupplyStore>;

function chainCases(fresh: Fresh): void {
  test('an empty store has no certificate, no book and no finding', async () => {
    const store = await fresh();
    expect(await store.load()).toEqual({
      previous: { number: 0, hash: '0'.repeat(64) },
      books: [],
      standing: [],
      lastSlotMs: undefined,
    });
    expect(await store.certificateOf('any')).toBeUndefined();
    expect(await store.overview()).toEqual({ last: undefined, conclusive: {}, standing: [] });
  });

  test('a certificate is answered under its audit id, and the next chains to it', async () => {
    const store = await fresh();
    const state = await store.load();
    const change = changeOf(state, 'one');
    expect(await store.commit(change)).toBe('stored');
    const [certificate] = change.certificates;
    expect(await store.certificateOf('one')).toEqual(certificate);
    expect((await store.load()).previous).toEqual({ number: 1, hash: certificate?.hash });
    expect((await store.overview()).last).toEqual(certificate);
  });

  test('of two audits from one state one is stored, and nothing of the other', async () => {
    const store = await fresh();
    const state = await store.load();
    const ends = await Promise.all(
      ['one', 'two'].map((auditId) =>
        store.commit(
          changeOf(state, auditId, {
            books: [fullBook(auditId, 10)],
            found: [findingOf(`F-${auditId}`, 1)],
            records: [recordOf(auditId, true)],
            digests: [{ frame: auditId, position: 1, digest: 'd' }],
          }),
        ),
      ),
    );
    expect([...ends].sort()).toEqual(['stale', 'stored']);
    const won = ends[0] === 'stored' ? 'one' : 'two';
    const lost = won === 'one' ? 'two' : 'one';
    const after = await store.load();
    expect(after.books.map(({ frame }) => frame)).toEqual([won]);
    expect(after.standing.map(({ id }) => id)).toEqual([`F-${won}`]);
    expect((await store.transfers([lost])).map((one) => one.transferId)).toEqual([won]);
    expect((await store.digests(lost, [1])).size).toBe(0);
    expect(await store.certificateOf(lost)).toBeUndefined();
  });

  test('certificates are listed newest first, below a number, by outcome', async () => {
    const store = await fresh();
    for (const outcome of ['ok', 'violated', 'ok'] as const) {
      const state = await store.load();
      const certificates = [nextCertificate(state, `a${state.previous.number}`, outcome)];
      await store.commit(changeOf(state, '', { certificates }));
    }
    const numbers = async (query: Parameters<SupplyStore['certificates']>[0]) =>
      (await store.certificates(query)).map(({ number }) => number);
    expect(await numbers({ limit: 10 })).toEqual([3, 2, 1]);
    expect(await numbers({ limit: 1 })).toEqual([3]);
    expect(await numbers({ limit: 10, below: 3 })).toEqual([2, 1]);
    expect(await numbers({ limit: 10, outcome: 'violated' })).toEqual([2]);
  });
}

function onceCases(fresh: Fresh): void {
  test('a second certificate of one audit is refused, and nothing of it kept', async () => {
    const store = await fresh();
    await store.commit(changeOf(await store.load(), 'one'));
    const state = await store.load();
    await expect(store.commit(changeOf(state, 'one'))).rejects.toThrow(/duplicate key/);
    expect(await store.load()).toEqual(state);
  });
}

function stateCases(fresh: Fresh): void {
  test('books come back to the last unit, each the newest of its frame', async () => {
    const store = await fresh();
    await store.commit(changeOf(await store.load(), 'one', { books: [fullBook('A', 5)] }));
    const books = [fullBook('A', 10), fullBook('B', 20)];
    await store.commit(changeOf(await store.load(), 'two', { books }));
    expect((await store.load()).books).toEqual(books);
    expect((await store.overview()).conclusive).toEqual({
      A: { atMs: DECIDED_AT_MS, deltaBaseUnits: 0n },
      B: { atMs: DECIDED_AT_MS, deltaBaseUnits: 0n },
    });
  });

  test('the newest slot is known, and audits that were missed are counted once', async () => {
    const store = await fresh();
    const slotMs = DECIDED_AT_MS;
    const missedSlotsMs = [slotMs - MINUTE_MS, slotMs - 2 * MINUTE_MS];
    await store.commit(changeOf(await store.load(), 'one', { slotMs, missedSlotsMs }));
    await store.commit(changeOf(await store.load(), 'by hand'));
    expect((await store.load()).lastSlotMs).toBe(slotMs);
  });

  test('transfers: all that are open, and of the others those asked for', async () => {
    const store = await fresh();
    const records = [recordOf('t-1', true), recordOf('t-2', false), recordOf('t-3', false)];
    await store.commit(changeOf(await store.load(), 'one', { records }));
    const ids = async (asked: readonly string[]) =>
      (await store.transfers(asked)).map(({ transferId }) => transferId).sort();
    expect(await ids([])).toEqual(['t-1']);
    expect(await ids(['t-2', 't-9'])).toEqual(['t-1', 't-2']);
    expect(await store.transfers([])).toEqual([records[0]]);
    const closed = { ...recordOf('t-1', false) };
    await store.commit(changeOf(await store.load(), 'two', { records: [closed] }));
    expect(await store.transfers(['t-1'])).toEqual([closed]);
  });

  test('the first digest under a position stays', async () => {
    const store = await fresh();
    const digest = (text: string) => ({ frame: 'A', position: 4, digest: text });
    const first = { digests: [digest('one'), { frame: 'B', position: 4, digest: 'b' }] };
    await store.commit(changeOf(await store.load(), 'one', first));
    await store.commit(changeOf(await store.load(), 'two', { digests: [digest('other')] }));
    expect(await store.digests('A', [4, 5])).toEqual(new Map([[4, 'one']]));
  });
}

function findingCases(fresh: Fresh): void {
  test('a finding stands until it is closed, and is never erased', async () => {
    const store = await fresh();
    const found = [findingOf('F1-1', 1), findingOf('F1-2', 1)];
    await store.commit(changeOf(await store.load(), 'one', { found }));
    expect((await store.load()).standing).toEqual(found);
    const closed = [{ id: 'F1-1', by: 2 }];
    await store.commit(changeOf(await store.load(), 'two', { closed }));
    expect((await store.load()).standing.map(({ id }) => id)).toEqual(['F1-2']);
    const all = await store.findings({ standing: false, limit: 10 });
    expect(all.map(({ closedBy, id }) => [id, closedBy])).toEqual([
      ['F1-1', 2],
      ['F1-2', undefined],
    ]);
  });

  test('the first explanation of a finding stays, and unknown ids change nothing', async () => {
    const store = await fresh();
    const found = [findingOf('F1-1', 1)];
    await store.commit(changeOf(await store.load(), 'one', { found }));
    expect(await store.acknowledge(['F1-1', 'F9-9'], WHO)).toEqual(['F1-1']);
    expect(await store.acknowledge(['F1-1'], { ...WHO, by: 'eve' })).toEqual([]);
    expect((await store.load()).standing).toEqual([{ ...found[0], acknowledged: WHO }]);
    expect((await store.overview()).standing).toEqual([
      { class: 'accounts_shifted', acknowledged: true },
    ]);
  });
}
