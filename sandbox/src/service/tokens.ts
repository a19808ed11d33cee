// Bearer tokens, all derived from the topology's secret seed.
import { createHash, createHmac } from 'node:crypto';

export interface Tokens {
  readonly admin: string;
  readonly peer: string;
  readonly control: string;
  readonly oracle: string;
  /** The token that pays from that agent. */
  agent(agentId: string): string;
}

/** Tokens are the hex HMAC-SHA256 of their role under the seed. */
export function deriveTokens(secretSeed: string): Tokens {
  const derive = (role: string) => createHmac('sha256', secretSeed).update(role).digest('hex');
  return {
    admin: derive('admin'),
    peer: derive('peer'),
    control: derive('control'),
    oracle: derive('oracle'),
    agent: (agentId) => derive(`agent:${agentId}`),
  };
}

/** Lower-case hex sha256, the form in which a token is kept at rest. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
