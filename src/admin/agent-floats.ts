// The floats of the canary agents as a page shows them: asked seldom, a few at a time, at the door
// that user traffic goes through, and never waited for by who reads.
import type { AgentId } from '../domain/frame.js';
import type { Clock, Float } from '../ports.js';
import type { AgentFloat, FloatReads } from './admin-dependencies.js';

const ASK_AGAIN_MS = 15_000;
const FORGET_MS = 60_000;
const AT_ONCE_MAX = 4;

export interface FloatDependencies {
  readonly agents: readonly AgentId[];
  readonly clock: Clock;
  /** May throw, whatever it is: the agent's float is not known then. */
  readonly balance: (agent: AgentId) => Promise<Float>;
}

export function createFloatReads({ agents, balance, clock }: FloatDependencies): FloatReads {
  const answers = new Map<AgentId, { readonly float: Float; readonly atMs: number }>();
  let askedAtMs = Number.NEGATIVE_INFINITY;

  async function askAll(): Promise<void> {
    const waiting = agents.values();
    const askNext = async (): Promise<void> => {
      for (const agent of waiting) {
        try {
          answers.set(agent, { float: await balance(agent), atMs: clock.nowMs() });
        } catch {
          // What was known is shown until it is too old.
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE_MAX }, askNext));
  }

  return {
    known() {
      const nowMs = clock.nowMs();
      if (nowMs - askedAtMs >= ASK_AGAIN_MS) {
        askedAtMs = nowMs;
        void askAll();
      }
      return agents.flatMap((agent): readonly AgentFloat[] => {
        const answer = answers.get(agent);
        const isKnown = answer !== undefined && nowMs - answer.atMs <= FORGET_MS;
        return isKnown ? [{ agent, float: answer.float }] : [];
      });
    },
  };
}
