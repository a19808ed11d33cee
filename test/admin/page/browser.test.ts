// The page in a real browser over memory stores: what needs no stack. Signing in with a real
// provider, and a platform of more registries than columns can hold.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { createOidcIssuer } from '../../../src/adapters/oidc-issuer.js';
import { createOidcLogin } from '../../../src/adapters/oidc-login.js';
import { systemClock } from '../../../src/adapters/system-clock.js';
import { createIssuedCallers } from '../../../src/admin/http/issued-callers.js';
import { CALLBACK_URL } from '../../../src/admin/http/issuer-session.js';
import { type Config, parseConfig } from '../../../src/config.js';
import { PROJECT_ROOT } from '../../../stack/directories.js';
import { preparePage } from '../../../stack/page.js';
import { findings, hasChromium, type OpenPage, openPage } from '../../e2e/page-browser.js';
import { freePortRow } from '../../support/free-ports.js';
import { CLIENT_ID, startProvider, type TestProvider } from '../../support/oidc-provider.js';
import { createFace, type Face, type FaceOptions } from '../http/face.js';
import { resultOf, storeClosed, TIMED_OUT } from '../world.js';

const SETTINGS = {
  hosts: ['127.0.0.1'],
  pageDirectory: join(PROJECT_ROOT, 'ui', 'dist'),
};

/** As in production; more often would leave the browser no time on a small machine. */
const NEWS_EVERY_MS = 1_000;

let face: Face;
let open: OpenPage;

beforeAll(() => preparePage(), 120_000);
afterEach(async () => {
  await open?.close();
  await face?.close();
});

async function serve(port: number, options: FaceOptions): Promise<string> {
  face = await createFace({ settings: SETTINGS, newsEveryMs: NEWS_EVERY_MS, ...options });
  return face.app.listen({ host: '127.0.0.1', port });
}

describe.skipIf(!hasChromium())('signing in with an issuer', () => {
  const PLACE = '#/admin/canaries/paths/A1.1-B1.1-async';
  let provider: TestProvider;
  let port: number;
  let origin: string;

  beforeAll(async () => {
    port = await freePortRow(1);
    origin = `http://127.0.0.1:${port}`;
    provider = await startProvider(`${origin}${CALLBACK_URL}`);
  });
  afterAll(() => provider?.close());

  async function openDoor(): Promise<void> {
    const issuer = provider.url;
    const timeoutMs = 5_000;
    const verify = createOidcIssuer({
      issuer,
      audiences: [CLIENT_ID],
      clock: systemClock,
      timeoutMs,
    });
    const login = createOidcLogin({
      issuer,
      clientId: CLIENT_ID,
      clientSecret: undefined,
      redirectUri: `${origin}${CALLBACK_URL}`,
      scopes: ['openid', 'profile'],
      clock: systemClock,
      timeoutMs,
    });
    const roles = { read: ['viewer'], operate: [], admin: [] };
    await serve(port, {
      authentication: 'required',
      verifyIssued: createIssuedCallers({ verify, roleClaim: 'roles', roles }),
      signIn: { name: 'Test house', origin, login },
    });
    open = await openPage(`${origin}/ui/${PLACE}`);
  }

  async function signInAs(name: string): Promise<void> {
    await open.page.getByRole('link', { name: 'Sign in with Test house' }).click();
    await open.page.fill('input[name=login]', name);
    await open.page.fill('input[name=password]', 'any');
    await open.page.click('button[type=submit]');
    await open.page.waitForSelector('input[name=prompt][value=consent]', { state: 'attached' });
    await open.page.click('button[type=submit]');
  }

  test('leads back to the place that was asked for, with the rights of the role', async () => {
    await openDoor();
    await open.says('dialog h2', 'Sign in');
    expect(await findings(open.page)).toEqual([]);
    await signInAs('viewer');
    await open.page.waitForURL(`${origin}/ui/${PLACE}`);
    await open.says('.dr h2', 'A1/1 → B1/1 async');
    await open.says('.live', 'Live');
    expect(await open.page.locator('dialog').count()).toBe(0);
    await open.press('Fire cycle');
    await open.says('dialog #barred', 'Your role is read: this needs operate.');
    await open.page.keyboard.press('Escape');
    await open.page.reload();
    await open.says('.live', 'Live');
    expect(await open.page.evaluate('document.cookie')).toBe('');
    expect(await findings(open.page)).toEqual([]);
    await open.press('Signed in as');
    await open.says('dialog .note', /You are signed in as .* with the role read/);
    await open.page.locator('dialog .btn.pri').click();
    await open.says('dialog h2', 'Sign in');
    await open.says('.state h2', 'Reading the state');
    await open.page.waitForSelector('.account', { state: 'detached' });
    await open.page.reload();
    await open.says('dialog h2', 'Sign in');
  });

  test('says why nobody was signed in, once, and offers to begin anew', async () => {
    await openDoor();
    await signInAs('stranger');
    await open.says('dialog [role=alert]', 'have no right here');
    expect(open.page.url()).toBe(`${origin}/ui/${PLACE}`);
    await open.page.goto(`${origin}${CALLBACK_URL}?code=1&state=2`);
    await open.says('dialog [role=alert]', 'another browser began it');
    await open.page.reload();
    await open.says('dialog h2', 'Sign in');
    expect(await open.page.locator('dialog').textContent()).not.toContain('another browser');
  });

  test('is not offered where no issuer is configured', async () => {
    const address = await serve(0, { authentication: 'required' });
    open = await openPage(`${address}/ui/`);
    await open.says('dialog .note', 'This reactor asks for a token.');
    expect(await open.page.locator('dialog a').count()).toBe(0);
  });
});

describe.skipIf(!hasChromium())('a defect of the page', () => {
  test('is said, in the tab as well, and nothing half drawn stands there', async () => {
    const address = await serve(0, {});
    open = await openPage(`${address}/version`);
    const cycles = 'no list';
    await open.page.route('**/api/v1/board', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), cycles } });
    });
    await open.page.goto(`${address}/ui/`);
    await open.says('main [role=alert]', 'This page has a defect.');
    expect(await open.page.locator('.state, .facts, .board').count()).toBe(0);
    expect(await open.page.title()).toBe('Defect · Canary reactor');
    expect(open.complaints).toContainEqual(expect.stringContaining('is not a function'));
    expect(await findings(open.page, [390])).toEqual([]);
    await open.page.unroute('**/api/v1/board');
    await open.page.locator('main [role=alert] button').click();
    await open.page.waitForSelector('.facts');
    await open.says('.live', 'Live');
    expect(await open.page.title()).not.toContain('Defect');
  });
});

describe.skipIf(!hasChromium())('ten registries', () => {
  const registries = (frame: string) =>
    [1, 2, 3, 4, 5].map((number) => ({
      id: `${frame}${number}`,
      url: `http://127.0.0.1:1${number}`,
      agents: [`${frame}${number}:canary-1`],
    }));
  const config: Config = parseConfig(
    'canary.yaml',
    stringify({
      platform: {
        lanes: 1,
        agentTokensFile: 'tokens.json',
        frames: ['A', 'B'].map((id) => ({
          id,
          teg: 'http://127.0.0.1:1',
          eventStore: 'http://127.0.0.1:2',
          registries: registries(id),
        })),
      },
      stores: { postgres: 'postgres://127.0.0.1/canary', redis: 'redis://127.0.0.1' },
    }),
    {},
  );

  test('are grouped by frame, worst first, and open on demand', async () => {
    const address = await serve(0, { twist: { config } });
    const fails = 'B2.1-A3.1-2pc';
    // Memory stores take seconds over more results than these.
    const fired = config.paths.filter(({ id }, index) => id === fails || index < 9);
    for (const { backend, id } of fired) {
      const over = { ...(id === fails ? TIMED_OUT : {}), pathId: id, backend };
      const result = { ...resultOf('A1.1-B1.1-async', over), testId: `t-${id}` };
      await storeClosed(face.world.results, result);
    }
    open = await openPage(`${address}/ui/`);
    await open.says('.state h2', `1 of ${config.paths.length} paths is failing`);
    const heads = await open.page.locator('.fgh').allTextContents();
    expect(heads[0]).toMatch(/^B to A 50 paths 1 not clean 0\.00 %$/);
    expect(heads).toHaveLength(4);
    expect(await open.page.locator('.fg [data-path]').count()).toBe(1);
    await open.says('.fg .pl', 'B2/1 → A3/1');
    await open.page.click('.fgh');
    expect(await open.page.locator('.fg [data-path]').count()).toBe(50);
    expect(await open.page.locator('.fg .pl').first().getAttribute('data-path')).toBe(fails);
    await open.page.locator('.fg .pl').first().focus();
    await open.page.keyboard.press('ArrowDown');
    expect(await open.page.evaluate('document.activeElement.dataset.path')).not.toBe(fails);
    expect(await findings(open.page, [390])).toEqual([]);
    await open.page.locator('.seg button', { hasText: 'Not clean' }).click();
    expect(await open.page.locator('.fg').count()).toBe(1);
    expect(await open.page.locator('.fg [data-path]').count()).toBe(1);
  });
});
