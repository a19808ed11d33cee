// Callers with a token of the OIDC issuer: who they are, and the role that its claim gives them.
import type { IssuedToken } from '../../adapters/oidc-issuer.js';
import { type RoleMapping, roleOf } from '../../domain/role.js';
import type { Caller } from './callers.js';

export interface IssuedCallersOptions {
  /** Throws `IssuerUnavailableError`. */
  readonly verify: (jwt: string) => Promise<IssuedToken>;
  readonly roleClaim: string;
  readonly roles: RoleMapping;
}

export function createIssuedCallers({ roleClaim, roles, verify }: IssuedCallersOptions) {
  return async (jwt: string): Promise<Caller> => {
    const token = await verify(jwt);
    if (token.kind === 'invalid') return { kind: 'unknown', why: `the token: ${token.why}` };
    const role = roleOf(textsOf(token.claims[roleClaim]), roles);
    if (role !== undefined) return { kind: 'known', name: nameOf(token.claims), role };
    return { kind: 'unknown', why: `the token’s claim ${roleClaim} gives no role here` };
  };
}

/** One text, several separated by spaces as scopes are, or a list. */
function textsOf(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim.filter((one) => typeof one === 'string') : [];
}

function nameOf(claims: Readonly<Record<string, unknown>>): string {
  const names = [claims.preferred_username, claims.email, claims.sub];
  return String(names.find((one) => typeof one === 'string' && one !== ''));
}
