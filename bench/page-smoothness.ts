// Whether the page stays smooth: 10,000 results behind it, twenty more each second, and a reader
// who clicks. The same page with nothing coming in stands beside it.
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openPage } from '../test/e2e/page-browser.js';
import type { Reactor } from '../test/e2e/reactor.js';
import { storeResults } from './recorded-results.js';
import type { BenchRow } from './report.js';

const STORED = 10_000;
const APART_MS = 2_000;
const PER_BURST = 20;
const BURST_EVERY_MS = 1_000;
const BURSTS = 30;
const CLICKS_PER_BURST = 2;

/** Ids of their own, so that the benchmarks of the page can run one after the other. */
const FIRST = 1_000_000;

interface Watched {
  /** Pieces of work of 50 ms and more that nothing could interrupt. */
  readonly longTasksMs: readonly number[];
  /** Between one frame and the next. */
  readonly framesMs: readonly number[];
  /** From a click until what it changed is painted. */
  readonly clicksMs: readonly number[];
}

export async function benchPageSmoothness(reactor: Reactor): Promise<readonly BenchRow[]> {
  await storeResults(reactor, { from: FIRST, to: FIRST + STORED }, APART_MS);
  const open = await openPage(`${reactor.stack.addresses.web}/ui#/admin/canaries`);
  try {
    await open.says('.lcount', '200 of 200 kept');
    const quiet = await watch(open.page, async () => undefined);
    let next = FIRST + STORED;
    const busy = await watch(open.page, async () => {
      await storeResults(reactor, { from: next, to: next + PER_BURST }, 0);
      next += PER_BURST;
    });
    return [...rowsOf('nothing comes', quiet), ...rowsOf('20 results/s come', busy)];
  } finally {
    await open.close();
  }
}

async function watch(page: Page, burst: () => Promise<void>): Promise<Watched> {
  await page.evaluate(`(() => {
    const watched = { longTasksMs: [], framesMs: [], clicksMs: [] };
    const observe = (type, into, options) => {
      const observer = new PerformanceObserver((list) => {
        for (const { duration, name } of list.getEntries()) {
          if (type !== 'event' || name === 'click') into.push(duration);
        }
      });
      observer.observe({ type, ...options });
      return observer;
    };
    const observers = [
      observe('longtask', watched.longTasksMs, {}),
      observe('event', watched.clicksMs, { durationThreshold: 16 }),
    ];
    let last = performance.now();
    let on = true;
    requestAnimationFrame(function frame(now) {
      watched.framesMs.push(now - last);
      last = now;
      if (on) requestAnimationFrame(frame);
    });
    window.endWatch = () => {
      on = false;
      for (const observer of observers) observer.disconnect();
      return watched;
    };
  })()`);
  const chips = page.locator('.chips .chip');
  for (let index = 0; index < BURSTS; index += 1) {
    const apart = pause(BURST_EVERY_MS);
    await burst();
    for (let click = 0; click < CLICKS_PER_BURST; click += 1) {
      await chips.nth((index + click) % (await chips.count())).click();
    }
    await apart;
  }
  return page.evaluate<Watched>('window.endWatch()');
}

function rowsOf(what: string, { clicksMs, framesMs, longTasksMs }: Watched): readonly BenchRow[] {
  const seconds = (BURSTS * BURST_EVERY_MS) / 1_000;
  const blocked = longTasksMs.reduce((sum, one) => sum + one, 0) / seconds;
  return [
    { name: `${what}: long tasks`, unit: 'ms', samples: longTasksMs },
    { name: `${what}: time in long tasks, of each second`, unit: 'ms', samples: [blocked] },
    { name: `${what}: from frame to frame`, unit: 'ms', samples: framesMs },
    { name: `${what}: from a click to its paint`, unit: 'ms', samples: clicksMs },
  ];
}
