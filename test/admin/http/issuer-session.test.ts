// Signing in with an issuer: a real provider on loopback, and a browser's cookies by hand, so that
// every answer can also be given twice, too late, or to somebody else.
import { generateKeyPair, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOidcIssuer } from '../../../src/adapters/oidc-issuer.js';
import { createOidcLogin, FLOW_LIFE_SECONDS } from '../../../src/adapters/oidc-login.js';
import { systemClock } from '../../../src/adapters/system-clock.js';
import { createIssuedCallers } from '../../../src/admin/http/issued-callers.js';
import { CALLBACK_URL, ISSUER_URL, WAYS_URL } from '../../../src/admin/http/issuer-session.js';
import { startIssuer, type TokenOver } from '../../support/oidc-issuer.js';
import {
  CLIENT_ID,
  signIn,
  startProvider,
  type TestProvider,
} from '../../support/oidc-provider.js';
import { createFace, type Face } from './face.js';

const ORIGIN = 'http://localhost';
const ROLES = { read: ['viewer'], operate: ['sre'], admin: ['owner'] };

let provider: TestProvider;
let face: Face;
/** What is added to the clock that flows end by. */
let laterMs = 0;

beforeAll(async () => {
  provider = await startProvider(`${ORIGIN}${CALLBACK_URL}`);
  face = await faceOf(provider.url, CLIENT_ID);
});
afterAll(async () => {
  await face.close();
  await provider.close();
});

async function faceOf(issuer: string, clientId: string, audience = clientId): Promise<Face> {
  return createFace({
    authentication: 'required',
    verifyIssued: createIssuedCallers({
      verify: createOidcIssuer({
        issuer,
        audiences: [audience],
        clock: systemClock,
        timeoutMs: 2_000,
      }),
      roleClaim: 'roles',
      roles: ROLES,
    }),
    signIn: {
      name: 'Test house',
      origin: ORIGIN,
      login: createOidcLogin({
        issuer,
        clientId,
        clientSecret: undefined,
        redirectUri: `${ORIGIN}${CALLBACK_URL}`,
        scopes: ['openid', 'profile'],
        clock: { nowMs: () => systemClock.nowMs() + laterMs },
        timeoutMs: 2_000,
      }),
    },
  });
}

interface Answer {
  readonly location: string;
  readonly cookies: Readonly<Record<string, string>>;
}

async function get(url: string, cookies: Answer['cookies'] = {}, on = face): Promise<Answer> {
  const answer = await on.app.inject({
    url,
    cookies: { ...cookies },
    headers: { host: 'localhost' },
  });
  expect(answer.statusCode).toBe(302);
  return {
    location: answer.headers.location ?? '',
    cookies: Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value])),
  };
}

/** Begins, signs in at the provider, and answers the address that it sends the browser to. */
async function upToCallback(name: string, back = '', on = face) {
  const begun = await get(`${ISSUER_URL}?back=${encodeURIComponent(back)}`, {}, on);
  const address = await signIn(begun.location, name);
  return { address: new URL(address), begun };
}

function called({ pathname, search }: URL): string {
  return `${pathname}${search}`;
}

function refused(why: string, back = '') {
  return { location: `/ui/?sign-in=${why}${back}`, cookies: { canary_sign_in: '' } };
}

describe('who signs in with the issuer', () => {
  test.each([
    ['viewer', 'read'],
    ['sre', 'operate'],
    ['owner', 'admin'],
  ])('as %s may %s, and comes back to where he was', async (name, role) => {
    const back = '#/admin/canaries/paths/A1.1-B1.1-async';
    const { address, begun } = await upToCallback(name, back);
    const { cookies, location } = await get(called(address), begun.cookies);
    expect(location).toBe(`/ui/${back}`);
    const me = await face.app.inject({
      url: '/api/v1/me',
      cookies: { canary_session: cookies.canary_session ?? '' },
      headers: { host: 'localhost' },
    });
    expect(me.json()).toEqual({ name: `${name}@example.com`, role, session: true });
  });

  test('is kept in cookies that no script reads and no other site sends', async () => {
    const begun = await face.app.inject({ url: ISSUER_URL, headers: { host: 'localhost' } });
    const parts = String(begun.headers['set-cookie']).split('; ');
    expect(parts[0]).toMatch(/^canary_sign_in=[\w.-]+$/);
    expect(parts.slice(1)).toEqual([
      'Max-Age=600',
      `Path=${ISSUER_URL}`,
      'HttpOnly',
      'SameSite=Lax',
    ]);
    const { address, begun: own } = await upToCallback('viewer');
    const ended = await face.app.inject({
      url: called(address),
      cookies: { ...own.cookies },
      headers: { host: 'localhost' },
    });
    const kept = [ended.headers['set-cookie']].flat().find((one) => one?.includes('_session='));
    expect(kept).toMatch(/HttpOnly; SameSite=Strict$/);
  });

  test('sends to the issuer what protects the code', async () => {
    const { begun } = await upToCallback('viewer');
    const asked = new URL(begun.location).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: CLIENT_ID,
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${ORIGIN}${CALLBACK_URL}`,
    });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(asked.get(name)?.length, name).toBeGreaterThan(40);
      expect(begun.cookies.canary_sign_in).not.toContain(asked.get(name) ?? '');
    }
  });
});

describe('nobody is signed in', () => {
  test('by another state', async () => {
    const { address, begun } = await upToCallback('viewer');
    address.searchParams.set('state', 'made-up');
    expect(await get(called(address), begun.cookies)).toEqual(refused('refused'));
  });

  test('by a code that was given for another sign-in, with another nonce', async () => {
    const mine = await upToCallback('viewer');
    const theirs = await upToCallback('owner');
    const state = mine.address.searchParams.get('state') ?? '';
    theirs.address.searchParams.set('state', state);
    expect(await get(called(theirs.address), mine.begun.cookies)).toEqual(refused('refused'));
  });

  test('by a token of another nonce, audience or key, or of another time', async () => {
    const issuer = await startIssuer(systemClock.nowMs());
    const on = await faceOf(issuer.url, CLIENT_ID);
    const begun = await get(ISSUER_URL, {}, on);
    const asked = new URL(begun.location).searchParams;
    const nonce = asked.get('nonce') ?? '';
    const claims = { sub: 'u-1', roles: ['owner'] };
    const ends = async (what: JWTPayload, over: TokenOver = {}) => {
      await issuer.answer({ ...claims, ...what }, { audience: CLIENT_ID, ...over });
      const call = `${CALLBACK_URL}?code=1&state=${asked.get('state')}`;
      return get(call, begun.cookies, on);
    };
    expect((await ends({ nonce })).location).toBe('/ui/');
    expect(await ends({ nonce: 'another' })).toEqual(refused('refused'));
    expect(await ends({})).toEqual(refused('refused'));
    expect(await ends({ nonce }, { audience: 'another-client' })).toEqual(refused('refused'));
    expect(await ends({ nonce }, { expiresAt: 1 })).toEqual(refused('refused'));
    const { privateKey } = await generateKeyPair('ES256');
    expect(await ends({ nonce }, { signedBy: privateKey })).toEqual(refused('refused'));
    await on.close();
    await issuer.close();
  });

  test('by a code that was used before', async () => {
    const { address, begun } = await upToCallback('owner');
    expect((await get(called(address), begun.cookies)).location).toBe('/ui/');
    expect(await get(called(address), begun.cookies)).toEqual(refused('refused'));
  });

  test('too late', async () => {
    const { address, begun } = await upToCallback('owner');
    laterMs = (FLOW_LIFE_SECONDS + 1) * 1_000;
    try {
      expect(await get(called(address), begun.cookies)).toEqual(refused('not-begun'));
    } finally {
      laterMs = 0;
    }
    expect((await get(called(address), begun.cookies)).location).toBe('/ui/');
  });

  test.each(['', 'made-up', 'a.b.c.d.e'])('in another browser, which has kept %j', async (kept) => {
    const { address } = await upToCallback('owner');
    const cookies = kept === '' ? undefined : { canary_sign_in: kept };
    expect(await get(called(address), cookies)).toEqual(refused('not-begun'));
  });

  test('who refuses at the issuer', async () => {
    const { begun } = await upToCallback('viewer');
    const state = new URL(begun.location).searchParams.get('state');
    const denied = `${CALLBACK_URL}?error=access_denied&state=${state}&iss=${provider.url}`;
    expect(await get(denied, begun.cookies)).toEqual(refused('refused'));
  });

  test('who has no role here', async () => {
    const { address, begun } = await upToCallback('stranger', '#/admin/auditor');
    expect(await get(called(address), begun.cookies)).toEqual(
      refused('no-role', '#/admin/auditor'),
    );
  });

  test('whose token is made for another audience than the face takes', async () => {
    const on = await faceOf(provider.url, CLIENT_ID, 'another');
    const { address, begun } = await upToCallback('owner', '', on);
    expect(await get(called(address), begun.cookies, on)).toEqual(refused('no-role'));
    await on.close();
  });

  test('while the issuer is away, and all the same once it is back', async () => {
    const gone = await startProvider(`${ORIGIN}${CALLBACK_URL}`);
    await gone.close();
    const on = await faceOf(gone.url, CLIENT_ID);
    expect(await get(`${ISSUER_URL}?back=%23%2Fadmin%2Fauditor`, {}, on)).toEqual({
      location: '/ui/?sign-in=away#/admin/auditor',
      cookies: {},
    });
    await on.close();
  });
});

test.each(['https://evil.example', '//evil.example', '#//evil', 'x', '#/a\r\nb', '#/"><script>'])(
  'a way back that is none of the page is forgotten: %j',
  async (back) => {
    const { address, begun } = await upToCallback('viewer', back);
    const { location } = await get(called(address), begun.cookies);
    expect(location).toBe(back === '#//evil' ? '/ui/#//evil' : '/ui/');
  },
);

describe('how one can sign in', () => {
  const ways = async ({ app }: Face) =>
    (await app.inject({ url: WAYS_URL, headers: { host: 'localhost' } })).json();

  test('is told to anybody', async () => {
    expect(await ways(face)).toEqual({ issuer: { name: 'Test house', url: ISSUER_URL } });
  });

  test('is only a token where no issuer is configured', async () => {
    const plain = await createFace({ authentication: 'required' });
    expect(await ways(plain)).toEqual({});
    const { statusCode } = await plain.app.inject({
      url: ISSUER_URL,
      headers: { host: 'localhost' },
    });
    expect(statusCode).toBe(404);
    await plain.close();
  });
});
