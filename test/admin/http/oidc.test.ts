// Tokens of an OpenID Connect issuer, a real one on loopback: who may, who may not, and why.
import { generateKeyPair, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOidcIssuer, IssuerUnavailableError } from '../../../src/adapters/oidc-issuer.js';
import type { Caller } from '../../../src/admin/http/callers.js';
import { createIssuedCallers } from '../../../src/admin/http/issued-callers.js';
import { awayDependency } from '../../../src/admin/operation.js';
import { startIssuer, type TestIssuer } from '../../support/oidc-issuer.js';
import { NOW_MS } from '../world.js';

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await startIssuer(NOW_MS);
});
afterAll(async () => {
  await issuer.close();
});

const ROLES = { read: ['viewer'], operate: ['on-call', 'sre'], admin: ['owner'] };

function callers(url = issuer.url) {
  return createIssuedCallers({
    verify: createOidcIssuer({
      issuer: url,
      audiences: ['canary-reactor'],
      clock: { nowMs: () => NOW_MS },
      timeoutMs: 2_000,
    }),
    roleClaim: 'roles',
    roles: ROLES,
  });
}

describe('a token gives the highest role of its claim', () => {
  test.each<[unknown, Partial<Caller>]>([
    [['viewer'], { kind: 'known', role: 'read' }],
    [['viewer', 'sre'], { kind: 'known', role: 'operate' }],
    ['viewer owner', { kind: 'known', role: 'admin' }],
    [['somebody'], { kind: 'unknown' }],
    [undefined, { kind: 'unknown' }],
    [7, { kind: 'unknown' }],
    [['viewers', 7, null], { kind: 'unknown' }],
  ])('%j', async (roles, caller) => {
    const token = await issuer.token({ sub: 'u-1', roles });
    expect(await callers()(token)).toMatchObject(caller);
  });

  test('and is known by the name that people know', async () => {
    const named = await issuer.token({ sub: 'u-1', email: 'a@example.com', roles: ['sre'] });
    expect(await callers()(named)).toMatchObject({ name: 'a@example.com' });
    const bare = await issuer.token({ sub: 'u-1', roles: ['sre'] });
    expect(await callers()(bare)).toMatchObject({ name: 'u-1' });
  });
});

describe('nobody is known by a token', () => {
  const refused = async (token: string, why: RegExp) => {
    const caller = await callers()(token);
    expect(caller).toEqual({ kind: 'unknown', why: expect.stringMatching(why) });
  };
  const claims = { sub: 'u-1', roles: ['owner'] };

  test('that is over, by more than clocks differ', async () => {
    const expiresAt = NOW_MS / 1_000 - 6;
    await refused(await issuer.token(claims, { expiresAt }), /exp/);
    const within = await issuer.token(claims, { expiresAt: NOW_MS / 1_000 - 4 });
    expect(await callers()(within)).toMatchObject({ kind: 'known' });
  });

  test('that was made for others', async () => {
    await refused(await issuer.token(claims, { audience: 'another' }), /aud/);
  });

  test('of another issuer', async () => {
    await refused(await issuer.token(claims, { issuer: 'https://elsewhere.example' }), /iss/);
  });

  test('that another key has signed', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    await refused(await issuer.token(claims, { signedBy: privateKey }), /signature/);
  });

  test('that nobody has signed', async () => {
    const unsecured = new UnsecuredJWT(claims)
      .setIssuer(issuer.url)
      .setAudience('canary-reactor')
      .setExpirationTime(NOW_MS / 1_000 + 600)
      .encode();
    await refused(unsecured, /./);
  });

  test('that names nobody', async () => {
    await refused(await issuer.token({ roles: ['owner'] }), /sub/);
  });

  test.each(['', 'x', 'a.b.c', '{}'])('that is none: %j', async (text) => {
    await refused(text, /./);
  });
});

test('keys are asked once, and again when the issuer has new ones', async () => {
  const known = callers();
  const before = issuer.keysAsked();
  await known(await issuer.token({ sub: 'u-1', roles: ['sre'] }));
  await known(await issuer.token({ sub: 'u-2', roles: ['sre'] }));
  expect(issuer.keysAsked() - before).toBe(1);
  await issuer.rotate();
  // Keys are asked for again by whoever has not asked within the last seconds.
  expect(await callers()(await issuer.token({ sub: 'u-1', roles: ['sre'] }))).toMatchObject({
    kind: 'known',
  });
});

describe('an issuer that is away is no fault of the token', () => {
  test.each(['http://127.0.0.1:9', 'http://127.0.0.1:9/realm'])('%s', async (url) => {
    const asking = callers(url)('a.b.c');
    await expect(asking).rejects.toThrow(IssuerUnavailableError);
    await asking.catch((error: unknown) => expect(awayDependency(error)).toBe('oidc issuer'));
  });

  test('one that calls itself otherwise is none', async () => {
    await expect(callers(`${issuer.url}/`)('a.b.c')).rejects.toThrow(/of another issuer/);
  });
});
