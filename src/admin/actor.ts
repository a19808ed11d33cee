// Who asks, and over which face.
import type { Role } from '../domain/role.js';

export const FACES = ['cli', 'http', 'mcp'] as const;
export type Face = (typeof FACES)[number];

/** Who asks, over which face, and the most that they may do. */
export interface Actor {
  readonly name: string;
  readonly face: Face;
  readonly role: Role;
}
