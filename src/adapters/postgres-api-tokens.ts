// The tokens of the faces in PostgreSQL: a digest of each, never its secret.
import { ROLES } from '../domain/role.js';
import type { ApiToken, ApiTokenStore } from '../ports.js';
import type { Postgres } from './postgres-connection.js';
import { timeOf } from './postgres-rows.js';
import { storableText } from './storable-text.js';

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly digest: string;
  readonly created_at: Date;
  readonly created_by: string;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
}

const COLUMNS = 'id, name, role, digest, created_at, created_by, expires_at, revoked_at';

const CREATE = {
  name: 'canary-token-create',
  text: `insert into api_tokens (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, null)`,
};
const FIND = { name: 'canary-token-find', text: `select ${COLUMNS} from api_tokens where id = $1` };
const LIST = {
  name: 'canary-token-list',
  text: `select ${COLUMNS} from api_tokens order by created_at desc, id limit $1`,
};
const REVOKE = {
  name: 'canary-token-revoke',
  text: `update api_tokens set revoked_at = $2 where id = $1 and revoked_at is null returning id`,
};

/** All calls throw `StoreUnavailableError` while PostgreSQL is away; none is retried here. */
export function createPostgresApiTokens(postgres: Postgres): ApiTokenStore {
  return {
    async create({ id, name, role, digest, createdAtMs, createdBy, expiresAtMs }) {
      await postgres.query(CREATE, [
        id,
        storableText(name),
        role,
        digest,
        timeOf(createdAtMs),
        storableText(createdBy),
        timeOf(expiresAtMs),
      ]);
    },
    async find(id) {
      const [row] = await postgres.query<TokenRow>(FIND, [id]);
      return row === undefined ? undefined : tokenOf(row);
    },
    async list(limit) {
      return (await postgres.query<TokenRow>(LIST, [limit])).map(tokenOf);
    },
    async revoke(id, atMs) {
      return (await postgres.query(REVOKE, [id, timeOf(atMs)])).length > 0;
    },
  };
}

function tokenOf(row: TokenRow): ApiToken {
  // A role that this version does not know may do the least.
  const role = ROLES.find((one) => one === row.role) ?? 'read';
  return {
    id: row.id,
    name: row.name,
    role,
    digest: row.digest,
    createdAtMs: row.created_at.getTime(),
    createdBy: row.created_by,
    expiresAtMs: row.expires_at.getTime(),
    revokedAtMs: row.revoked_at?.getTime(),
  };
}
