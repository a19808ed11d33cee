// The settings of the web process: who may ask, by which names, how often.
import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopback } from './listen.js';

const claimValues = z.array(z.string().min(1)).default([]);

const loginSchema = z.strictObject({
  clientId: z.string().min(1).meta({ description: 'as the issuer knows this reactor' }),
  clientSecretFile: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'a file with the client’s secret; without one the client is public' }),
  origin: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL', abort: true })
    .refine(isSafe, 'must be https; plain http is taken on loopback only')
    .transform((text) => new URL(text).origin)
    .meta({ description: 'the address that browsers reach the page by, without a path' }),
  name: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .meta({ description: 'as people know the issuer; its host if absent' }),
  scopes: z
    .array(z.string().regex(/^\S+$/, 'must be a word without spaces'))
    .default(['openid', 'profile', 'email'])
    .refine((scopes) => scopes.includes('openid'), 'must hold openid')
    .meta({ description: 'what the issuer is asked to tell; roles need a scope at some' }),
});

const oidcSchema = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL', abort: true })
    .refine(isSafe, 'must be https; plain http is taken on loopback only')
    .meta({ description: 'the issuer, exactly as its tokens name it' }),
  audience: z.string().min(1).meta({ description: 'whom the tokens must be made for' }),
  roleClaim: z
    .string()
    .min(1)
    .default('roles')
    .meta({ description: 'the claim that gives a role: a text, or a list' }),
  roles: z
    .strictObject({ read: claimValues, operate: claimValues, admin: claimValues })
    .prefault({})
    .meta({ description: 'the values of that claim that give each role' }),
  login: loginSchema
    .optional()
    .meta({ description: 'signing in with the issuer in the browser; without it, with a token' }),
});

/** Keys and codes that come over an open line could be anybody's. */
function isSafe(text: string): boolean {
  const { host, protocol } = new URL(text);
  return protocol === 'https:' || isLoopback(host.includes(':') ? host : `${host}:80`);
}

const BITS = { 4: 32, 6: 128 } as const;

/** `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if ((version !== 4 && version !== 6) || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= BITS[version]);
}

export const webSchema = z
  .strictObject({
    authentication: z
      .enum(['open', 'required'])
      .default('open')
      .meta({ description: 'whether callers need a token; open only on loopback' }),
    hosts: z
      .array(
        z.string().regex(/^[a-z0-9.:[\]-]+$/, 'must be a host name in lower case, without port'),
      )
      .default([])
      .meta({ description: 'further host names that the page and the API are reached by' }),
    trustedProxies: z
      .array(z.string().refine(isNetwork, 'must be an address or a network, such as 10.0.0.0/8'))
      .default([])
      .meta({
        description:
          'reverse proxies whose X-Forwarded-For and -Proto are believed: limits count callers, ' +
          'and the cookie is kept for https alone where that is how he came',
      }),
    oidc: oidcSchema.optional().meta({ description: 'tokens of an OpenID Connect issuer' }),
    publicStatus: z
      .boolean()
      .default(false)
      .meta({ description: 'whether anybody may see /status and the badges' }),
    readsPerMinute: z
      .int()
      .min(1)
      .default(60_000)
      .meta({ description: 'requests of one address in a minute' }),
    actionsPerMinute: z
      .int()
      .min(1)
      .default(60)
      .meta({ description: 'actions of one address in a minute' }),
  })
  .prefault({});
