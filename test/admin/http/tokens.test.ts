// Tokens over HTTP: who is let in, with which rights, and what a browser keeps.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mintToken, splitToken } from '../../../src/admin/api-token.js';
import { NOW_MS } from '../world.js';
import { createFace, type Face } from './face.js';
import { type Case, check, get, post } from './request-case.js';

let open: Face;
let closed: Face;

beforeAll(async () => {
  open = await createFace();
  closed = await createFace({ authentication: 'required' });
});

afterAll(async () => {
  await Promise.all([open.close(), closed.close()]);
});

describe('where a token is needed', () => {
  const mint = async (input: Record<string, string>): Promise<string> => {
    const answer = await open.app.inject(post('/api/v1/tokens', input));
    expect(answer.statusCode).toBe(200);
    const { id, token } = answer.json<{ readonly id: string; readonly token: string }>();
    const kept = await open.world.tokens.find(id);
    if (kept === undefined) throw new Error('the token was not kept');
    await closed.world.tokens.create(kept);
    return token;
  };

  test('nothing is told without one, and nothing is done', async () => {
    for (const request of [get('/api/v1/status'), post('/api/v1/cycles', {}), get('/api/v1/me')]) {
      const one = { what: '', request, status: 401, says: /a token is needed/ };
      await check(closed, one);
    }
    expect(closed.world.started).toEqual([]);
  });

  test('alive and ready are told to all', async () => {
    await check(closed, { what: '', request: get('/healthz'), status: 200, says: /ok/ });
    await check(closed, { what: '', request: get('/readyz'), status: 200, says: /ready/ });
  });

  test('a token may what its role may', async () => {
    const token = await mint({ name: 'a dashboard', role: 'read' });
    const authorization = `Bearer ${token}`;
    const cases: readonly Case[] = [
      { what: '', request: get('/api/v1/me', { authorization }), status: 200, says: /a dashboard/ },
      {
        what: '',
        request: post('/api/v1/cycles', {}, { authorization }),
        status: 403,
        says: /the right to operate/,
      },
      {
        what: '',
        request: get('/api/v1/tokens', { authorization }),
        status: 403,
        says: /the right to admin/,
      },
      {
        what: '',
        request: post('/api/v1/grafana', { path: '/x', method: 'DELETE' }, { authorization }),
        status: 403,
        says: /the right to admin/,
      },
    ];
    for (const one of cases) await check(closed, one);
    expect(closed.world.started).toEqual([]);
  });

  test('an altered, an ended and an expired token are nobody’s', async () => {
    const token = await mint({ name: 'x', role: 'admin' });
    const [, id = ''] = token.split('_');
    const altered = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    const refused = (credential: string): Case => ({
      what: '',
      request: get('/api/v1/me', { authorization: `Bearer ${credential}` }),
      status: 401,
      says: /not known, expired or revoked/,
    });
    await check(closed, refused(altered));
    await closed.world.tokens.revoke(id, 1);
    await check(closed, refused(token));
    const { digest, id: lateId, text } = mintToken();
    const made = { createdAtMs: 0, createdBy: 'x', revokedAtMs: undefined };
    const kept = { ...made, id: lateId, digest, name: 'late', role: 'admin' } as const;
    await closed.world.tokens.create({ ...kept, expiresAtMs: NOW_MS });
    await check(closed, refused(text));
  });

  test('a browser keeps its token in a cookie that scripts cannot read', async () => {
    const token = await mint({ name: 'a person', role: 'operate' });
    const session = await closed.app.inject(post('/api/v1/session', { token }));
    expect(session.statusCode).toBe(200);
    const cookie = String(session.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const [pair = ''] = cookie.split(';');
    const me = await closed.app.inject(get('/api/v1/me', { cookie: pair }));
    expect(me.json()).toEqual({ name: 'a person', role: 'operate', session: true });
    const ended = await closed.app.inject(post('/api/v1/session/end', {}));
    expect(String(ended.headers['set-cookie'])).toMatch(/canary_session=;.*Max-Age=0|Expires=/);
  });

  test('behind a proxy that is believed, the cookie is for https alone', async () => {
    const token = await mint({ name: 'another', role: 'read' });
    const cookieBy = async (trustedProxies: readonly string[]) => {
      const face = await createFace({ authentication: 'required', settings: { trustedProxies } });
      const kept = await closed.world.tokens.find(splitToken(token)?.id ?? '');
      if (kept !== undefined) await face.world.tokens.create(kept);
      const headers = { 'x-forwarded-proto': 'https', host: 'localhost' };
      const answer = await face.app.inject(post('/api/v1/session', { token }, headers));
      await face.close();
      expect(answer.statusCode).toBe(200);
      return String(answer.headers['set-cookie']);
    };
    expect(await cookieBy(['127.0.0.0/8'])).toMatch(/; Secure/);
    expect(await cookieBy(['10.0.0.1'])).not.toMatch(/; Secure/);
  });

  test('while tokens cannot be looked up, that is said', async () => {
    const away = await createFace({ authentication: 'required', twist: { tokensAway: true } });
    const request = post('/api/v1/session', { token: mintToken().text });
    await check(away, { what: '', request, status: 503, says: /postgres/ });
    await away.close();
  });

  test('no token’s text is in what lists them', async () => {
    const token = await mint({ name: 'z', role: 'read' });
    const listed = await open.app.inject(get('/api/v1/tokens'));
    expect(listed.body).toContain('"name":"z"');
    expect(listed.body).not.toContain(token.slice(-43));
    expect(listed.body).not.toMatch(/digest/);
  });
});
