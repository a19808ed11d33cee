// What somebody may do: each role includes those before it.

/** `read` looks, `operate` fires transfers, `admin` changes what the reactor does. */
export const ROLES = ['read', 'operate', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whether who has a role may do what needs another. */
export function mayRun(has: Role, needs: Role): boolean {
  return ROLES.indexOf(has) >= ROLES.indexOf(needs);
}
