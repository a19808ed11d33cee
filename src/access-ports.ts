// The ports of access: who may use the faces, as the store keeps it.
import type { Role } from './domain/role.js';

/** A token as it is kept: its secret is nowhere. */
export interface ApiToken {
  readonly id: string;
  /** Who uses it: the actor's name in the log of actions. */
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the secret, hexadecimal. */
  readonly digest: string;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly expiresAtMs: number;
  readonly revokedAtMs: number | undefined;
}

/** Every call throws `StoreUnavailableError` while the store is away. */
export interface ApiTokenStore {
  create(token: ApiToken): Promise<void>;
  find(id: string): Promise<ApiToken | undefined>;
  /** The newest first, those expired and revoked included. */
  list(limit: number): Promise<readonly ApiToken[]>;
  /** Ends a token once; answers whether this call did. */
  revoke(id: string, atMs: number): Promise<boolean>;
}
