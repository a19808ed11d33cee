// Pauses, maintenance and firing by hand, by clicking.
import { expect, test } from 'vitest';
import { findings } from './page-browser.js';
import { CANARIES, type Ground, LINE, PATH } from './page-ground.js';

/** Begins and ends with every path passing. */
export function operatingCases(ground: () => Ground): void {
  test('a path fires by its own button, and is not fired while it is paused', async () => {
    const { confirm, give, kept, open, reactor } = ground();
    const before = await kept();
    await open.page.click(LINE);
    await open.page.locator('.dr .head .btn', { hasText: 'Fire' }).click();
    await confirm();
    await open.says('.lcount', `${before + 1} of 200 kept`);
    await open.page.locator('.dr .head .btn', { hasText: 'Pause' }).click();
    await open.page.locator('dialog .seg button', { hasText: '4 h' }).click();
    const fromMs = Date.now();
    const promised = minuteOf((await open.page.textContent('dialog .note')) ?? '');
    expect([minuteIn4h(fromMs), minuteIn4h(Date.now())]).toContain(promised);
    await give('a wave of work', 'Pause');
    const [pause] = await reactor.admin.windows.standing(Date.now());
    const until = minuteOf(new Date(pause?.untilMs ?? 0).toISOString());
    await open.says('.notice', new RegExp(`A1/1 → B1/1 async until .*${until}.*a wave of work`));
    const others = reactor.admin.config.paths.length - 1;
    await open.says('.state h2', `All ${others} paths pass`);
    await open.says('.state p', '1 more is paused.');
    await open.says(`${LINE} title`, '1 paused');
    await open.page.locator('.dr .head .btn', { hasText: 'Fire' }).click();
    await open.page.locator('dialog .btn.pri').click();
    await open.says('dialog [role=alert]', /Not done: .*paused/);
    await open.page.keyboard.press('Escape');
    await open.page.locator('.dr .head .btn', { hasText: 'Resume' }).click();
    await confirm();
    await open.page.waitForSelector('.notice', { state: 'detached' });
    await open.page.keyboard.press('Escape');
  });

  test('all is paused with a reason, says until when, and is resumed', async () => {
    const { confirm, give, open } = ground();
    await open.press('Pause…');
    expect(await findings(open.page, [1_440, 390])).toEqual([]);
    await give('a new version', 'Pause');
    await open.says('.notice', /Paused: every path until .*a new version/);
    expect(await findings(open.page, [1_440, 390])).toEqual([]);
    await open.says('.state h2', /All \d+ paths are paused/);
    await open.page.locator('.notice button', { hasText: 'Resume' }).click();
    await confirm();
    await open.page.waitForSelector('.notice', { state: 'detached' });
    await open.says('.state h2', /All \d+ paths pass/);
  });

  test('what fails in a maintenance is marked, excused, and turns nothing red', async () => {
    const { confirm, give, open, reactor, tabSays } = ground();
    await open.press('Maintenance…');
    expect(await findings(open.page, [1_440, 390])).toEqual([]);
    await give('a new store', 'Set window');
    await open.says('.notice', /Maintenance of every path until .*a new store/);
    await reactor.fault({ at: 'teg', frame: 'A', kind: 'refuse_transfer', scope: CANARIES });
    await reactor.fire(PATH);
    await open.says(`${LINE} title`, /1 rejected.*1 in maintenance/);
    await open.says('.state h2', /1 of \d+ paths is not clean, and is excused/);
    expect(await open.page.locator(`.state.is-fail, .att, ${LINE}.is-fail`).count()).toBe(0);
    await tabSays('Canary reactor', 'well');
    await reactor.clearFaults();
    await open.page.locator('.notice button', { hasText: 'End now' }).click();
    await confirm();
    await open.page.waitForSelector('.notice', { state: 'detached' });
    await reactor.fire(PATH);
    await open.says('.state h2', /All \d+ paths pass/);
  });
}

/** Begins and ends with every path passing. */
export function plannedCases(ground: () => Ground): void {
  test('a maintenance that is to come is told, wherever it was set, and may be ended', async () => {
    const { confirm, open, web } = ground();
    const from = new Date(Date.now() + 86_400_000).toISOString();
    const answer = await fetch(`${web}/api/v1/maintenance`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from, for: '2h', reason: 'the move', all: true }),
    });
    expect(answer.status, await answer.text()).toBe(200);
    await open.says('.notice', /Maintenance of every path planned from .*the move/);
    await open.says('.state h2', /All \d+ paths pass/);
    await open.page.locator('.notice button', { hasText: 'End now' }).click();
    await confirm();
    await open.page.waitForSelector('.notice', { state: 'detached' });
  });
}

function minuteOf(text: string): string | undefined {
  return /\d\d:\d\d/.exec(text)?.[0];
}

function minuteIn4h(nowMs: number): string | undefined {
  return minuteOf(new Date(nowMs + 4 * 3_600_000).toISOString());
}
