// What the cases of the page stand on: one stack, one open page of it, and what they do with it.
import { expect } from 'vitest';
import { until } from '../support/until.js';
import { type OpenPage, openPage } from './page-browser.js';
import { type Reactor, startReactor } from './reactor.js';

export const PATH = 'A1.1-B1.1-async';
export const LINE = `[data-path="${PATH}"]`;

/** Users’ transfers are left alone: one that is never credited stays in transit for ever. */
export const CANARIES = { memo_prefix: 'canary-' };

export interface Ground {
  readonly reactor: Reactor;
  readonly open: OpenPage;
  /** Where the page is served. */
  readonly web: string;
  /** Fills in the reason of the open dialog and sends it. */
  give(reason: string, verb: string): Promise<void>;
  /** Sends the open dialog as it is. */
  confirm(): Promise<void>;
  /** Waits until the browser's own tab says so, by its title and its icon. */
  tabSays(title: string, icon: string): Promise<void>;
  /** After a case that failed: the next begin as if it had passed. */
  restore(): Promise<void>;
  /** How many entries the event log keeps. */
  kept(): Promise<number>;
  close(): Promise<void>;
}

export async function startGround(): Promise<Ground> {
  const reactor = await startReactor({
    registries: ['A1', 'B1'],
    withKafka: false,
    product: {
      cycle: { interval: '24h', spread: '1s', amount: '0.010000' },
      audit: { interval: '2s', cutWait: '10s' },
      web: { publicStatus: true },
    },
  });
  const web = reactor.stack.addresses.web ?? '';
  const open = await openPage(`${web}/ui#/admin/canaries`);
  const { page } = open;
  const address = page.url();
  const gone = () => page.waitForSelector('dialog', { state: 'detached' });
  return {
    reactor,
    open,
    web,
    async give(reason, verb) {
      await page.fill('#reason', reason);
      await page.locator('dialog .btn.pri', { hasText: verb }).click();
      await gone();
    },
    async confirm() {
      await page.locator('dialog .btn.pri').click();
      await gone();
    },
    async tabSays(title, icon) {
      await until(async () => {
        expect(await page.title()).toBe(title);
        expect(await page.locator('link[rel=icon]').getAttribute('href')).toContain(icon);
      });
    },
    async restore() {
      const { windows } = reactor.admin;
      for (const kind of ['pause', 'maintenance'] as const)
        await windows.end({ kind, all: true }, 'a case that failed', Date.now());
      await reactor.clearFaults();
      await page.evaluate('localStorage.clear()');
      await page.goto('about:blank');
      await page.goto(address);
      await reactor.fire(PATH);
    },
    async kept() {
      return Number.parseInt((await page.textContent('.lcount')) ?? '', 10);
    },
    async close() {
      await open.close();
      await reactor.stop();
    },
  };
}
