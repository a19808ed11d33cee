// How soon the page is there: a browser that has never seen it, and in turn with it the least that
// the same server can show, a line of text.
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser } from '../test/e2e/page-browser.js';
import type { Reactor } from '../test/e2e/reactor.js';
import { until } from '../test/support/until.js';
import { storeResults } from './recorded-results.js';
import type { BenchRow } from './report.js';

const STORED = 10_000;
const APART_MS = 2_000;
const RUNS = 11;
const WITHIN_MS = 60_000;

export async function benchPagePaint(reactor: Reactor): Promise<readonly BenchRow[]> {
  await storeResults(reactor, { from: 0, to: STORED }, APART_MS);
  return measurePaint(reactor.stack.addresses.web ?? '');
}

/** Of the page that is served there, in a browser of its own. */
export async function measurePaint(web: string): Promise<readonly BenchRow[]> {
  const paint: number[] = [];
  const scoreboard: number[] = [];
  const bare: number[] = [];
  const browser = await launchBrowser();
  try {
    for (let run = -1; run < RUNS; run += 1) {
      const page = await timesOf(browser, `${web}/ui/`, '[data-path]');
      const least = await timesOf(browser, `${web}/version`, 'body');
      // The first one warms up server and browser.
      if (run < 0) continue;
      paint.push(page.paintMs);
      scoreboard.push(page.shownMs);
      bare.push(least.paintMs);
    }
  } finally {
    await browser.close();
  }
  return [
    { name: 'first contentful paint, nothing cached', unit: 'ms', samples: paint },
    { name: 'until the scoreboard shows its paths', unit: 'ms', samples: scoreboard },
    { name: 'first contentful paint of a line of text', unit: 'ms', samples: bare },
  ];
}

interface Times {
  readonly paintMs: number;
  readonly shownMs: number;
}

/** From the start of the navigation, by the browser's own clock. */
async function timesOf(browser: Browser, address: string, selector: string): Promise<Times> {
  const context = await browser.newContext();
  try {
    return await timesIn(context, address, selector);
  } finally {
    await context.close();
  }
}

async function timesIn(context: BrowserContext, address: string, selector: string): Promise<Times> {
  const page = await context.newPage();
  await page.addInitScript(`new MutationObserver((_, observer) => {
    if (document.querySelector(${JSON.stringify(selector)}) === null) return;
    observer.disconnect();
    requestAnimationFrame(() => { window.shownMs = performance.now(); });
  }).observe(document, { childList: true, subtree: true });`);
  await page.goto(address);
  const paint = 'performance.getEntriesByName("first-contentful-paint")[0]';
  return until(async () => {
    const times = await page.evaluate<Times | undefined>(
      `${paint} === undefined || window.shownMs === undefined ? undefined
        : { paintMs: ${paint}.startTime, shownMs: window.shownMs }`,
    );
    if (times === undefined) throw new Error(`${address} does not show ${selector}`);
    return times;
  }, WITHIN_MS);
}
