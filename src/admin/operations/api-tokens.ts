// The operations on the tokens of the HTTP and MCP faces. A token's text is answered once, when it
// is made; afterwards nobody can read it.
import { z } from 'zod';
import { parseDuration } from '../../config-schema.js';
import { ROLES } from '../../domain/role.js';
import type { ApiToken } from '../../ports.js';
import { done, refused } from '../answer.js';
import { mintToken } from '../api-token.js';
import { operation } from '../operation.js';
import { timeSchema, utc, utcIfKnown } from '../views/time.js';

const DAY_MS = 86_400_000;
const LIFE_DAYS_MAX = 366;
const LISTED_MAX = 500;

const tokenSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  createdAt: timeSchema,
  createdBy: z.string(),
  expiresAt: timeSchema,
  revokedAt: timeSchema.optional(),
  usable: z.boolean(),
});

export const listTokens = operation({
  name: 'tokens',
  summary: 'list the tokens of the HTTP and MCP faces',
  role: 'admin',
  readsOnly: true,
  input: z.strictObject({}),
  output: z.strictObject({ tokens: z.array(tokenSchema) }),
  async run({ clock, tokens }) {
    const nowMs = clock.nowMs();
    return done({ tokens: (await tokens.list(LISTED_MAX)).map((one) => viewOf(one, nowMs)) });
  },
});

export const createToken = operation({
  name: 'tokenCreate',
  summary: 'make a token for the HTTP and MCP faces; its text is shown once',
  role: 'admin',
  subject: ({ name }) => name,
  secrets: ['token'],
  input: z.strictObject({
    name: z.string('is needed').trim().min(1, 'must say who uses it').max(200),
    role: z.enum(ROLES).default('read'),
    expires: z
      .string()
      .refine(isLife, `must be a duration such as 12h or 720h, at most ${LIFE_DAYS_MAX} days`)
      .default('720h'),
  }),
  output: z.strictObject({ ...tokenSchema.shape, token: z.string() }),
  async run({ clock, tokens }, { expires, name, role }, { actor }) {
    const nowMs = clock.nowMs();
    const { digest, id, text } = mintToken();
    const expiresAtMs = nowMs + (parseDuration(expires) ?? 0);
    const made: ApiToken = {
      id,
      name,
      role,
      digest,
      createdAtMs: nowMs,
      createdBy: actor.name,
      expiresAtMs,
      revokedAtMs: undefined,
    };
    await tokens.create(made);
    return done({ ...viewOf(made, nowMs), token: text });
  },
});

export const revokeToken = operation({
  name: 'tokenRevoke',
  summary: 'end a token at once',
  role: 'admin',
  subject: ({ id }) => id,
  input: z.strictObject({ id: z.string().min(1).max(40) }),
  output: tokenSchema,
  async run({ clock, tokens }, { id }) {
    const nowMs = clock.nowMs();
    await tokens.revoke(id, nowMs);
    const token = await tokens.find(id);
    if (token === undefined) return refused('id', id, 'is not a token');
    return done(viewOf(token, nowMs));
  },
});

function isLife(text: string): boolean {
  const ms = parseDuration(text) ?? 0;
  return ms > 0 && ms <= LIFE_DAYS_MAX * DAY_MS;
}

function viewOf(token: ApiToken, nowMs: number): z.infer<typeof tokenSchema> {
  const { createdAtMs, createdBy, expiresAtMs, id, name, revokedAtMs, role } = token;
  return {
    id,
    name,
    role,
    createdAt: utc(createdAtMs),
    createdBy,
    expiresAt: utc(expiresAtMs),
    revokedAt: utcIfKnown(revokedAtMs),
    usable: revokedAtMs === undefined && nowMs < expiresAtMs,
  };
}
