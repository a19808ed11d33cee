// Cold links, late answers, loading, age, and a server that is lost and comes back.
import { expect, test } from 'vitest';
import { type Ground, PATH } from './page-ground.js';

/** Begins with passed tests of the path, and changes nothing. */
export function addressCases(ground: () => Ground): void {
  test('a test opens cold by its address', async () => {
    const { open, web } = ground();
    const link = (await open.page.locator('.lt a').first().getAttribute('href')) ?? '';
    const cold = await open.tab(`${web}/ui${link}`);
    await cold.says('.dr .vd', 'Passed');
    await cold.says('.wf', 'cf_settled_local');
    await cold.says('.idline code', decodeURIComponent(link.split('/').at(-1) ?? ''));
    await cold.close();
  });

  test('a test whose answer was refused is asked for again, and not called lost', async () => {
    const { open, reactor, web } = ground();
    const link = (await open.page.locator('.lt a').first().getAttribute('href')) ?? '';
    let refuses = true;
    const busy = { status: 503, contentType: 'application/problem+json', body: '{"title":"busy"}' };
    const tab = await open.tab(`${web}/ui${link}`, async (page) => {
      await page.route(/\/tests[/?]/, (route) =>
        refuses ? route.fulfill(busy) : route.continue(),
      );
    });
    await tab.says('.live', 'Live');
    await tab.says('.dr', 'Reading the test');
    await tab.says('.logbox', '–');
    refuses = false;
    await reactor.fire(PATH);
    await tab.says('.dr .vd', 'Passed');
    await tab.says('.lt', 'A1/1 → B1/1 async');
    await tab.close();
  });

  test('a late answer of a test that is no longer open changes nothing', async () => {
    const { open, web } = ground();
    const late = gate();
    const asked: string[] = [];
    const tab = await open.tab(`${web}/ui#/admin/canaries/paths/${PATH}`, async (page) => {
      await page.route(/\/tests\/[^/?]+$/, async (route) => {
        asked.push(route.request().url());
        if (asked.length === 2) await late.opened;
        await route.continue();
      });
    });
    await tab.says('.dr .vd', 'Passed');
    const newest = await tab.page.locator('.idline code').first().textContent();
    await tab.page.keyboard.press('[');
    await tab.says('.dr', 'Reading the test');
    await tab.page.keyboard.press(']');
    await tab.says('.idline code', newest ?? '');
    const answered = tab.page.waitForResponse((one) => one.url() === asked[1]);
    late.open();
    await (await answered).finished();
    await tab.page.evaluate('new Promise((done) => setTimeout(done, 100))');
    expect(await tab.page.locator('.idline code').first().textContent()).toBe(newest);
    await tab.close();
  });
}

/** Begins and ends with every path passing. */
export function connectionCases(ground: () => Ground): void {
  test('the page stands in its frame before anything is read, and tells its age', async () => {
    const { open, web } = ground();
    const answer = gate();
    const tab = await open.tab(`${web}/ui#/admin/canaries`, async (page) => {
      await page.clock.install();
      await page.route('**/api/v1/board', async (route) => {
        await answer.opened;
        await route.continue();
      });
    });
    await tab.says('.state h2', 'Reading the state');
    await tab.says('.live', 'Loading');
    expect(new Set(await tab.page.locator('.facts small').allTextContents())).toEqual(
      new Set(['–', 'own share – s']),
    );
    const places = () =>
      tab.page.locator('.facts > div').evaluateAll((all) => all.map((one) => one.offsetLeft));
    const before = await places();
    answer.open();
    await tab.says('.state h2', /All \d+ paths pass/);
    await tab.says('.live', 'Live');
    expect(await places()).toEqual(before);
    await tab.page.route('**/api/v1/board', (route) => route.abort());
    await tab.page.clock.fastForward(31_000);
    await tab.says('.live', /Old by (3[1-9]|[4-9]\d) s/);
    await tab.says('.notice', /The answer below is (3[1-9]|[4-9]\d) s old/);
    await tab.page.unroute('**/api/v1/board');
    await tab.page.locator('.notice button', { hasText: 'Try now' }).click();
    await tab.page.waitForSelector('.notice', { state: 'detached' });
    await tab.close();
  });

  test('who turns back to a page sees it as it is now', async () => {
    const { open, web } = ground();
    const tab = await open.tab(`${web}/ui#/admin/canaries`, (page) => page.clock.install());
    await tab.says('.live', 'Live');
    // No reading comes by the clock.
    await tab.page.clock.pauseAt(Date.now() + 60_000);
    for (const [key, door] of [
      ['a', 'auditor'],
      ['c', 'board'],
    ] as const) {
      const asked = tab.page.waitForRequest(`**/api/v1/${door}`);
      await tab.page.keyboard.press('g');
      await tab.page.keyboard.press(key);
      await asked;
    }
    // The clock is that of all tabs.
    await tab.page.clock.resume();
    await tab.close();
  });

  test('a lost server shows as such, and what was missed comes by itself', async () => {
    const { kept, open, reactor, tabSays } = ground();
    const before = await kept();
    await reactor.stack.service('web').stop();
    await open.says('.live', 'Reconnecting');
    await open.says('.notice', 'Connection lost');
    await tabSays('Reconnecting · Canary reactor', 'unknown');
    await reactor.fire(PATH);
    await reactor.stack.service('web').start();
    await open.says('.live', 'Live');
    await open.says('.lcount', `${before + 1} of 200 kept`);
    await open.page.waitForSelector('.notice', { state: 'detached' });
    await tabSays('Canary reactor', 'well');
  });
}

/** Begins and ends with every path passing, and none paused. */
export function orderCases(ground: () => Ground): void {
  test('an answer that comes too late does not take back what an action has changed', async () => {
    const { open, reactor, web } = ground();
    const late = gate();
    const asked = gate();
    let isHeld = false;
    const tab = await open.tab(`${web}/ui#/admin/canaries`, async (page) => {
      await page.route('**/api/v1/pauses', async (route) => {
        if (!isHeld || route.request().method() !== 'GET') return route.continue();
        isHeld = false;
        const response = await route.fetch();
        asked.open();
        await late.opened;
        await route.fulfill({ response });
      });
    });
    await tab.says('.state h2', /All \d+ paths pass/);
    isHeld = true;
    await reactor.fire(PATH);
    await asked.opened;
    await tab.press('Pause…');
    await tab.page.fill('#reason', 'the order of answers');
    await tab.page.locator('dialog .btn.pri').click();
    await tab.says('.notice', 'the order of answers');
    const answered = tab.page.waitForResponse('**/api/v1/pauses');
    late.open();
    await (await answered).finished();
    await tab.page.evaluate('new Promise((done) => setTimeout(done, 100))');
    expect(await tab.page.locator('.notice').count()).toBe(1);
    await tab.page.locator('.notice button', { hasText: 'Resume' }).click();
    await tab.page.locator('dialog .btn.pri').click();
    await tab.page.waitForSelector('.notice', { state: 'detached' });
    await tab.close();
    await open.says('.state h2', /All \d+ paths pass/);
  });
}

/** A door that is shut until it is opened. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
