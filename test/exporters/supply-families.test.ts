// What the audits left as metrics: the last outcome, exact deltas, ages, what stands.
import { expect, test } from 'vitest';
import { createMemorySupply } from '../support/memory-supply.js';
import {
  changeOf,
  DECIDED_AT_MS,
  findingOf,
  fullBook,
  nextCertificate,
} from '../support/supply-samples.js';
import { exporterOver, manualClock, seriesOf } from './page.js';

test('the last audit shows, with what stands after it', async () => {
  const supply = createMemorySupply();
  const state = await supply.load();
  const book = fullBook('A', 10);
  const difference = { ...book.conclusive.difference, circulating: -(10n ** 20n) - 1n };
  await supply.commit(
    changeOf(state, 'one', {
      certificates: [nextCertificate(state, 'one', 'violated')],
      books: [{ ...book, conclusive: { ...book.conclusive, difference } }],
      found: [findingOf('F1-1', 1), findingOf('F1-2', 1)],
    }),
  );
  await supply.acknowledge(['F1-2'], { by: 'ada', atMs: 0, reason: 'known' });
  const clock = manualClock(DECIDED_AT_MS + 90_000);
  const series = seriesOf(await exporterOver({ supply, clock }).metrics());
  const expected = {
    'supply_audit_outcome{frame="A",outcome="violated"}': '1',
    'supply_audit_outcome{frame="A",outcome="ok"}': '0',
    'supply_audit_outcome{frame="all",outcome="violated"}': '1',
    'supply_audit_outcome{frame="B",outcome="unknown"}': '0',
    'supply_audit_delta_avt{frame="A"}': '-100000000000000.000001',
    'supply_audit_delta_avt{frame="B"}': '0.000000',
    'supply_audit_last_conclusive_age_seconds{frame="A"}': '90',
    'supply_audit_last_conclusive_age_seconds{frame="B"}': '+Inf',
    supply_audit_duration_seconds: '0.25',
    'supply_audit_standing_findings{class="accounts_shifted",acknowledged="false"}': '1',
    'supply_audit_standing_findings{class="accounts_shifted",acknowledged="true"}': '1',
    'supply_audit_standing_findings{class="match_broken",acknowledged="false"}': '0',
  };
  for (const [name, value] of Object.entries(expected)) expect(series.get(name), name).toBe(value);
});
