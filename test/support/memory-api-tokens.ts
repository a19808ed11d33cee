// The tokens of the faces in memory: the second implementation of the port.
import type { ApiToken, ApiTokenStore } from '../../src/ports.js';

export function createMemoryApiTokens(): ApiTokenStore {
  const tokens = new Map<string, ApiToken>();
  return {
    async create(token) {
      if (tokens.has(token.id)) throw new Error(`token ${token.id} is there already`);
      tokens.set(token.id, token);
    },
    async find(id) {
      return tokens.get(id);
    },
    async list(limit) {
      const newest = [...tokens.values()].sort(
        (one, other) => other.createdAtMs - one.createdAtMs || (one.id < other.id ? -1 : 1),
      );
      return newest.slice(0, limit);
    },
    async revoke(id, atMs) {
      const token = tokens.get(id);
      if (token === undefined || token.revokedAtMs !== undefined) return false;
      tokens.set(id, { ...token, revokedAtMs: atMs });
      return true;
    },
  };
}
