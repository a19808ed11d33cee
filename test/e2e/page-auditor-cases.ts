// The auditor's page, and what it shares with nothing else.
import { expect, test } from 'vitest';
import { findings } from './page-browser.js';
import { CANARIES, type Ground, PATH } from './page-ground.js';

/** Ends on the auditor’s page, with a finding that stands and is acknowledged. */
export function auditorCases(ground: () => Ground): void {
  test('the auditor says zero and since when, audits and verifies when asked', async () => {
    const { open, tabSays } = ground();
    await open.page.locator('nav a', { hasText: 'Auditor' }).click();
    await open.says('.state h2', 'Zero, to the last digit');
    await open.says('.state .say p', /since .* UTC, for .*Certificate \d+\./);
    await open.says('.src', 'Ledger, log and projection agree');
    await open.says('.chain tbody tr', /ok.*0\.000000/);
    await open.press('Audit now');
    await open.says('.asked', /Certificate \d+\. Zero, to the last digit/);
    await open.press('Verify chain');
    await open.says('.asked', /Recomputed from [\d,]+ events: all certificates hold/);
    await tabSays('Supply auditor', 'well');
  });

  test('what is in transit stands in a table until it has arrived', async () => {
    const { open, reactor } = ground();
    await reactor.fault({ at: 'teg', frame: 'B', kind: 'never_credit', scope: CANARIES });
    await reactor.fault({ at: 'teg', frame: 'A', kind: 'never_refund', scope: CANARIES });
    const cycleId = await reactor.begin([PATH]);
    const row = open.page.locator('[aria-labelledby=t] tbody tr', { hasText: 'canary' });
    await row.waitFor();
    expect(await row.textContent()).toMatch(/A1 → B1.*async.*canary.*0\.010000/);
    await reactor.clearFaults();
    await row.waitFor({ state: 'detached' });
    await reactor.closed(cycleId);
  });

  test('a leak is told here and nowhere else, and somebody acknowledges it', async () => {
    const { give, open, reactor, tabSays } = ground();
    await reactor.leak('A', 'A1:user-01', '0.000001');
    await open.says('.state h2', 'Not zero: 0.000001 AVT in frame A');
    await tabSays('Not zero · Supply auditor', 'failing');
    await open.says('.alarm .kv', /delta0\.000001 AVT/);
    expect(await findings(open.page)).toEqual([]);
    await open.page.keyboard.press('g');
    await open.page.keyboard.press('c');
    await open.says('h1', 'Canary reactor');
    expect(await open.page.textContent('main')).not.toMatch(/zero|supply|certificate/i);
    await open.page.keyboard.press('g');
    await open.page.keyboard.press('a');
    expect(await open.page.locator('.pl, .lt, .att').count()).toBe(0);
    await open.page.locator('.alarm button', { hasText: 'Acknowledge' }).click();
    await give('made by a test', 'Acknowledge');
    await open.says('.alarm .kv', 'made by a test');
    await open.says('.alarm .st', 'standing, acknowledged');
    await open.says('.state h2', 'Zero, to the last digit');
  });
}
