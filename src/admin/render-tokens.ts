// Tokens for people: who may do what, until when.
import type { z } from 'zod';
import { dayTime } from './format.js';
import type { listTokens } from './operations/api-tokens.js';
import type { Paint } from './paint.js';
import { renderTable } from './table.js';

export function renderTokens(
  { tokens }: z.output<(typeof listTokens)['output']>,
  paint: Paint,
): string {
  if (tokens.length === 0) return 'no token was made: npm run canary -- token create <name>';
  const columns = [
    { title: 'id' },
    { title: 'role' },
    { title: 'state' },
    { title: 'expires (UTC)' },
    { title: 'made by' },
    { title: 'name' },
  ] as const;
  const rows = tokens.map(({ createdBy, expiresAt, id, name, revokedAt, role, usable }) => [
    id,
    role,
    usable ? 'usable' : revokedAt === undefined ? 'expired' : 'revoked',
    dayTime(expiresAt),
    createdBy,
    name,
  ]);
  return renderTable(columns, rows, paint);
}
