// A real OpenID Connect provider on loopback, with the pages of its own where people sign in.
import { createServer, type Server } from 'node:http';
import Provider from 'oidc-provider';

export interface TestProvider {
  readonly url: string;
  close(): Promise<void>;
}

export const CLIENT_ID = 'canary-page';

/** Whoever signs in under a name has the role of that name. */
export async function startProvider(redirectUri: string): Promise<TestProvider> {
  const server = createServer();
  const url = await listen(server);
  const provider = new Provider(url, {
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        redirect_uris: [redirectUri],
      },
    ],
    claims: { openid: ['sub', 'roles'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, roles: [sub], preferred_username: `${sub}@example.com` }),
    }),
    pkce: { required: () => true },
  });
  server.on('request', provider.callback());
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port was given'));
      else resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

const STEPS_MAX = 12;

/**
 * What a person does at the provider, with the cookies that his browser keeps there: names himself,
 * consents. Answers the address that the browser is sent back to.
 */
export async function signIn(authorization: string, name: string): Promise<string> {
  const jar = new Map<string, string>();
  const origin = new URL(authorization).origin;
  let next = authorization;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    if (!next.startsWith(origin)) return next;
    const answer = await fetch(next, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([key, value]) => `${key}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(key, value);
    }
    const location = answer.headers.get('location');
    const page = await answer.text();
    form = location === null ? formOf(page, name) : undefined;
    next = location === null ? next : new URL(location, origin).href;
  }
  throw new Error(`nobody was sent back after ${STEPS_MAX} steps, but to ${next}`);
}

function formOf(page: string, name: string): URLSearchParams {
  const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
  if (prompt === undefined) throw new Error(`the provider asks for nothing: ${page}`);
  return new URLSearchParams({ prompt, login: name, password: 'any' });
}
