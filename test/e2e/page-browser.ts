// The page in a real browser: one headless Chromium, one page of it, and what cases ask of it.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { until } from '../support/until.js';

const CHROMIUM = '/usr/bin/chromium';
const WAIT_MS_MAX = 60_000;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Whether the machine has the browser; what may be missing for a developer is a failure in CI. */
export function hasChromium(): boolean {
  if (existsSync(CHROMIUM)) return true;
  if ((process.env.CI ?? '') !== '') throw new Error(`there is no browser at ${CHROMIUM}`);
  process.stderr.write(`There is no browser at ${CHROMIUM}. THE PAGE IS NOT TESTED.\n`);
  return false;
}

export interface OpenPage {
  readonly page: Page;
  /** What the page or its browser complained of. */
  readonly complaints: string[];
  /** Waits until an element has a text in it. */
  says(selector: string, text: string | RegExp): Promise<void>;
  /** Clicks the button of that name, the first of them. */
  press(name: string | RegExp): Promise<void>;
  /** Another tab of the same browser, prepared before it goes to the address. */
  tab(address: string, prepare?: (page: Page) => Promise<void>): Promise<OpenPage>;
  close(): Promise<void>;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

export async function openPage(address: string): Promise<OpenPage> {
  const browser = await launchBrowser();
  const context = await browser.newContext({
    locale: 'en-GB',
    reducedMotion: 'reduce',
    viewport: { width: 1_440, height: 900 },
  });
  return openTab(
    context,
    address,
    async () => undefined,
    () => browser.close(),
  );
}

async function openTab(
  context: BrowserContext,
  address: string,
  prepare: (page: Page) => Promise<void>,
  close?: () => Promise<void>,
): Promise<OpenPage> {
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS_MAX);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (said) => {
    if (/Content Security Policy/.test(said.text())) complaints.push(said.text());
  });
  await prepare(page);
  await page.goto(address);
  return {
    page,
    complaints,
    async says(selector, text) {
      await until(
        async () => {
          const texts = await page.locator(selector).allTextContents();
          const found = texts.some((one) =>
            typeof text === 'string' ? one.includes(text) : text.test(one),
          );
          if (!found) throw new Error(`${selector} says ${JSON.stringify(texts)}, not ${text}`);
        },
        WAIT_MS_MAX,
        100,
      );
    },
    async press(name) {
      await page.getByRole('button', { name }).first().click();
    },
    tab: (next, ready = async () => undefined) => openTab(context, next, ready),
    close: close ?? (() => page.close()),
  };
}

const WIDTHS_PX = [1_440, 768, 390];

/** What an accessibility checker finds at three widths, or at those given, in both themes. */
export async function findings(page: Page, widths = WIDTHS_PX): Promise<readonly string[]> {
  const found: string[] = [];
  await page.evaluate(readFileSync(AXE, 'utf8'));
  for (const width of widths) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const violations = await page.evaluate<readonly string[], readonly string[]>(
        `axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) =>
          violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
        RULES,
      );
      found.push(...violations.map((one) => `${width} ${colorScheme} ${one}`));
      const isTooWide = await page.evaluate<boolean>(
        'document.documentElement.scrollWidth > innerWidth',
      );
      if (isTooWide) found.push(`${width} ${colorScheme} scrolls sideways`);
    }
  }
  await page.setViewportSize({ width: WIDTHS_PX[0] ?? 0, height: 900 });
  return found;
}
