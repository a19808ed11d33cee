// Who asks, over which face, and what they may.

/** `read` looks, `operate` fires transfers, `admin` changes what the reactor does. */
export const ROLES = ['read', 'operate', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const FACES = ['cli', 'http', 'mcp'] as const;
export type Face = (typeof FACES)[number];

/** Who asks, over which face, and the most that they may do; a role includes those before it. */
export interface Actor {
  readonly name: string;
  readonly face: Face;
  readonly role: Role;
}

/** Whether who has a role may run what needs another. */
export function mayRun(has: Role, needs: Role): boolean {
  return ROLES.indexOf(has) >= ROLES.indexOf(needs);
}
