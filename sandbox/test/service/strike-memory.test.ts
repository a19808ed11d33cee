// The oracle of services without a ledger: what struck is remembered, in order, within bounds.
import { expect, test } from 'vitest';
import { createFaultEngine } from '../../src/service/faults.js';
import { rememberStrikes } from '../../src/service/strike-memory.js';

const clock = { nowMs: () => Date.parse('2026-11-23T18:30:36.123Z') };
const engine = () => rememberStrikes(createFaultEngine({ clock, random: () => 0 }), clock);
const ALL = { after: 0, limit: 1_000 };

test('a strike is told with its fault, its transfer and what it met; a miss is not', () => {
  const { faults, strikes } = engine();
  const { id } = faults.add({ kind: 'drop_event', eventType: 'TokensIssued', count: 1 });
  const scope = {
    frame: 'A',
    eventType: 'TokensIssued',
    transferId: 't-1',
    memoPrefix: 'canary-1',
  };
  expect(faults.hit('drop_event', { ...scope, eventType: 'SupplyMarker' })).toBeUndefined();
  expect(faults.hit('drop_event', scope)?.id).toBe(id);
  expect(faults.hit('drop_event', scope)).toBeUndefined();
  expect(strikes.list(ALL)).toEqual([
    {
      ...{ strike_id: 1, at: '2026-11-23T18:30:36.123Z', kind: 'drop_event' },
      ...{ fault_id: id, transfer_id: 't-1' },
      detail: { frame: 'A', event_type: 'TokensIssued', memo: 'canary-1' },
    },
  ]);
});

test('pages go on after the last id; of very many strikes the oldest are forgotten', () => {
  const { faults, strikes } = engine();
  faults.add({ kind: 'slow' });
  for (let strike = 0; strike < 10_003; strike += 1) faults.hit('slow', { frame: 'A' });
  const ids = (after: number) => strikes.list({ after, limit: 2 }).map((one) => one.strike_id);
  expect([ids(0), ids(5), ids(10_002)]).toEqual([[4, 5], [6, 7], [10_003]]);
});
