// What somebody may do: each role includes those before it.

/** `read` looks, `operate` fires transfers, `admin` changes what the reactor does. */
export const ROLES = ['read', 'operate', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whether who has a role may do what needs another. */
export function mayRun(has: Role, needs: Role): boolean {
  return ROLES.indexOf(has) >= ROLES.indexOf(needs);
}

/** Which values of a claim give which role. */
export type RoleMapping = Readonly<Record<Role, readonly string[]>>;

/** The highest role that any of the values gives; `undefined` where none gives one. */
export function roleOf(values: readonly string[], mapping: RoleMapping): Role | undefined {
  return ROLES.findLast((role) => mapping[role].some((value) => values.includes(value)));
}
