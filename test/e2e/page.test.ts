// The page as operators use it: in a real browser on a whole stack, everything by clicking.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.js';
import { auditorCases } from './page-auditor-cases.js';
import { findings, hasChromium } from './page-browser.js';
import { addressCases, connectionCases, orderCases } from './page-connection-cases.js';
import { CANARIES, type Ground, LINE, PATH, startGround } from './page-ground.js';
import { operatingCases, plannedCases } from './page-operating-cases.js';

describe.skipIf(!hasChromium())('the page', () => {
  let started: Ground;
  const ground = () => started;

  beforeAll(async () => {
    started = await startGround();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await started.restore();
  });

  afterAll(() => started?.close());

  test('is empty, says that it warms up, and explains itself with live numbers', async () => {
    const { open, web } = ground();
    await open.says('h2', 'No test yet');
    await open.says('.notice', 'Warming up since');
    await open.page.click('.ibtn');
    await open.says('#about', /every \/ spread1 d/);
    expect(await open.page.locator('#about h2').count()).toBe(6);
    expect(await findings(open.page, [1_440])).toEqual([]);
    const links = await open.page
      .locator('#about a[href^="/"]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect((await fetch(`${web}${link}`)).status, link).toBe(200);
    await open.page.click('.ibtn');
    await open.page.waitForSelector('#about', { state: 'hidden' });
  });

  test('a cycle by its own button runs to its end, and all follows without a reload', async () => {
    const { confirm, open, reactor } = ground();
    await open.press('Fire cycle');
    await confirm();
    await open.says('h2', /All \d+ paths pass/);
    await open.says('.facts', /Warm-upover/);
    const paths = reactor.admin.config.paths.length;
    await open.says('.lcount', `${paths} of 200 kept`);
    expect(await open.page.locator('.pl .rail').count()).toBeGreaterThan(0);
  });

  test('a path and a test of it have addresses of their own', async () => {
    const { open } = ground();
    await open.page.click(LINE);
    await open.says('.dr h2', 'A1/1 → B1/1 async');
    await open.says('.wf', 'cf_settled_local');
    expect(await findings(open.page)).toEqual([]);
    await open.page.locator('.lt a', { hasText: 'A1/1 → B1/1 async' }).first().click();
    await open.page.waitForURL(/A1\.1-B1\.1-async\/./);
    await open.page.reload();
    await open.says('.dr .vd', /^Passed|^ ?Passed/);
    await open.page.keyboard.press('Escape');
    await open.page.waitForSelector('.dr', { state: 'detached' });
  });

  test('a refund shows everywhere, with the phase that is missing, until it is seen', async () => {
    const { give, open, reactor, tabSays } = ground();
    await reactor.fault({ at: 'teg', frame: 'B', kind: 'never_credit', scope: CANARIES });
    await reactor.fire(PATH);
    await open.says('.state h2', /1 of \d+ paths is failing/);
    await open.says('.att li.is-fail', 'Credit in frame B is missing.');
    await open.says(`${LINE}.is-fail`, 'async');
    await open.says('.lt .is-fail', 'Refunded');
    await tabSays('1 failing · Canary reactor', 'failing');
    await open.page.click('.att .pn');
    await open.says('.dr .why', 'Missing phase: credit in frame B.');
    await open.page.locator('.att button', { hasText: 'Acknowledge' }).click();
    await give('the bridge is known', 'Acknowledge');
    await open.says('.att li', /Acknowledged by .*the bridge is known/);
    await open.says('.end2', /Acknowledged.*the bridge is known/);
    expect(await open.page.locator('.att .is-fail').count()).toBe(0);
    await reactor.clearFaults();
    await reactor.fire(PATH);
    await open.says('.state h2', /All \d+ paths pass/);
    await open.page.waitForSelector('.att', { state: 'detached' });
    await tabSays('Canary reactor', 'well');
    await open.page.keyboard.press('Escape');
  });

  operatingCases(ground);

  plannedCases(ground);

  test('the log is filtered, folded with a badge, and waits while it does not tail', async () => {
    const { open, reactor } = ground();
    await open.page.locator('.chips .chip', { hasText: 'Refunded' }).click();
    await until(async () => expect(await open.page.locator('.lt tbody tr').count()).toBe(1));
    await open.page.locator('.chips .chip', { hasText: 'All' }).click();
    await open.page.keyboard.press('l');
    await reactor.fire(PATH);
    await open.says('.badge', '+1');
    await open.page.click('.fold');
    await open.press('Auto-tail');
    await reactor.fire(PATH);
    await open.says('.news', '1 new');
    await open.page.click('.news');
    await open.press('Auto-tail');
  });

  test('the keyboard reaches paths and help', async () => {
    const { open } = ground();
    await open.page.keyboard.press('j');
    await open.page.waitForURL(/paths\//);
    const first = open.page.url();
    await open.page.keyboard.press('j');
    await open.page.waitForURL((url) => url.href !== first);
    await open.page.keyboard.press('k');
    await open.page.waitForURL(first);
    await open.page.keyboard.press('Escape');
    await open.page.locator(LINE).focus();
    await open.page.keyboard.press('Enter');
    await open.says('.dr h2', 'A1/1 → B1/1 async');
    await open.page.keyboard.press('?');
    await open.says('dialog h2', 'Keys');
    expect(await findings(open.page, [1_440])).toEqual([]);
    await open.page.keyboard.press('Escape');
    await open.page.waitForSelector('dialog', { state: 'detached' });
  });

  addressCases(ground);

  orderCases(ground);

  connectionCases(ground);

  test('the checker finds nothing on the canaries, and German is spoken', async () => {
    const { open } = ground();
    expect(await findings(open.page)).toEqual([]);
    await open.page.click('button[lang=de]');
    await open.says('.state h2', /Alle \d+ Pfade bestehen/);
    await open.page.click('button[lang=en]');
    expect(open.complaints).toEqual([]);
  });

  test('the public status and its badges say the same, without agents', async () => {
    const { open, web } = ground();
    const status = await open.tab(`${web}/status`);
    await status.says('h1', 'All routes pass');
    await status.says('tr.passing', /A1-B1-async.*passing/);
    expect(await status.page.textContent('body')).not.toMatch(/canary-0|@|AVT/);
    expect(await findings(status.page)).toEqual([]);
    for (const badge of ['health', 'uptime', 'latency']) {
      await status.page.goto(`${web}/badge/A1-B1-async/${badge}.svg`);
      await status.says('svg text', badge === 'health' ? 'passing' : /\d (%|s|ms)$|\d%$/);
    }
    await status.close();
  });

  auditorCases(ground);

  test('the log of actions tells of each of them, by whom and why', async () => {
    const { open } = ground();
    await open.press('Log of actions');
    const rows = [
      'fire',
      'pause',
      'resume',
      'maintenance',
      'acknowledge',
      'audit',
      'a wave of work',
    ];
    for (const row of rows) await open.says('.acts tbody tr', row);
    expect(await findings(open.page)).toEqual([]);
    await open.page.keyboard.press('Escape');
    expect(open.complaints).toEqual([]);
  });
});
