// Who sends a request: a token of ours, a token of the OIDC issuer, or, where the configuration
// leaves the face open, whoever reaches it.
import type { Role } from '../../domain/role.js';
import type { ApiTokenStore, Clock } from '../../ports.js';
import type { Actor, Face } from '../actor.js';
import { admits, splitToken } from '../api-token.js';

export type Caller =
  | { readonly kind: 'known'; readonly name: string; readonly role: Role }
  | { readonly kind: 'unknown'; readonly why: string };

/** Throws `StoreUnavailableError` where a token cannot be looked up. */
export type IdentifyCaller = (credential: string | undefined) => Promise<Caller>;

/** Checks a token of the OIDC issuer; `undefined` where the configuration names none. */
export type VerifyIssued = ((jwt: string) => Promise<Caller>) | undefined;

export interface CallerOptions {
  readonly authentication: 'open' | 'required';
  readonly tokens: Pick<ApiTokenStore, 'find'>;
  readonly clock: Clock;
  readonly verifyIssued: VerifyIssued;
}

/** On an open face nobody needs a token; one that is sent must hold all the same. */
export function createCallers(options: CallerOptions): IdentifyCaller {
  const { authentication, clock, tokens, verifyIssued } = options;
  return async (credential) => {
    if (credential === undefined || credential === '') {
      if (authentication === 'open') return { kind: 'known', name: 'local', role: 'admin' };
      return { kind: 'unknown', why: 'a token is needed: Authorization: Bearer <token>' };
    }
    const ours = splitToken(credential);
    if (ours !== undefined) {
      const token = await tokens.find(ours.id);
      if (token === undefined || !admits(token, ours.secret, clock.nowMs())) {
        return { kind: 'unknown', why: 'the token is not known, expired or revoked' };
      }
      return { kind: 'known', name: token.name, role: token.role };
    }
    if (verifyIssued !== undefined) return verifyIssued(credential);
    return { kind: 'unknown', why: 'the token has not the form of a token of this reactor' };
  };
}

export function actorOf({ name, role }: Extract<Caller, { kind: 'known' }>, face: Face): Actor {
  return { name, face, role };
}

/** The credential of `Authorization: Bearer <credential>`. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
}
