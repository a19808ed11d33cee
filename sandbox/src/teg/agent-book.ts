// What a TEG remembers of its agents, so that a payment need not ask the database again: that they
// exist, for none ever ceases to, and which token is theirs, until another is given.
import type pg from 'pg';
import { setToken, type TokenOwner, tokenOwner } from './accounts.js';

export interface AgentBook {
  /**
   * Whether this TEG has the agent. Ask outside of transactions: it may take a connection of its
   * own.
   */
  isKnown(agentId: string): Promise<boolean>;
  /** Whose token it is, seen from the agent that is to pay. */
  tokenOwner(agentId: string, tokenSha256: string): Promise<TokenOwner>;
  /** Gives an enrolled agent another token; the old one pays no more. */
  setToken(agentId: string, tokenSha256: string): Promise<void>;
}

export function createAgentBook(pool: pg.Pool): AgentBook {
  const known = new Set<string>();
  const tokens = new Map<string, string>();
  let changes = 0;
  return {
    isKnown: async (agentId) => {
      if (known.has(agentId)) return true;
      const { rowCount } = await pool.query({ ...FIND_AGENT, values: [agentId] });
      if (rowCount === 1) known.add(agentId);
      return rowCount === 1;
    },
    tokenOwner: async (agentId, tokenSha256) => {
      if (tokens.get(agentId) === tokenSha256) return 'own';
      const changesBefore = changes;
      const owner = await tokenOwner(pool, agentId, tokenSha256);
      // What was read while a token changed may be the old one.
      if (owner === 'own' && changes === changesBefore) tokens.set(agentId, tokenSha256);
      return owner;
    },
    setToken: async (agentId, tokenSha256) => {
      changes += 1;
      tokens.delete(agentId);
      await setToken(pool, agentId, tokenSha256);
      changes += 1;
      tokens.delete(agentId);
    },
  };
}

const FIND_AGENT = {
  name: 'find agent',
  text: "SELECT FROM accounts WHERE account = $1 AND class = 'agent'",
};
