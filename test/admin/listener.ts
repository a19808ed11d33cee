// Who asks in tests, and what they are told.
import type { Actor } from '../../src/admin/actor.js';
import type { Context } from '../../src/admin/operation.js';

export const OPERATOR: Actor = { name: 'a person', face: 'cli', role: 'admin' };

export interface Listener extends Context {
  readonly told: string[];
}

export function createListener(signal: AbortSignal = new AbortController().signal): Listener {
  const told: string[] = [];
  return { actor: OPERATOR, signal, told, onProgress: (message) => told.push(message) };
}
