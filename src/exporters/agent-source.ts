// The float of a frame's canary agents, asked at its TEG: seldom, and few at a time, for the door
// is the one that user traffic goes through.
import type { AgentId, Frame } from '../domain/frame.js';
import type { Clock, TransferGateway } from '../ports.js';
import { type AgentFloat, agentFamilies } from './agent-families.js';
import { createSource, type Loaded, type Source } from './source.js';

export interface AgentSourceDependencies {
  readonly clock: Clock;
  readonly gateway: Pick<TransferGateway, 'balance'>;
}

const KEEP_MS = 15_000;
const AT_ONCE_MAX = 4;

/** One source per frame, so that a TEG that is away hides only its own agents. */
export function createAgentSource({ clock, gateway }: AgentSourceDependencies, frame: Frame) {
  const agents = frame.registries.flatMap((registry) => registry.agents);
  const source: Source = createSource({
    name: `teg/${frame.id}`,
    clock,
    keepMs: KEEP_MS,
    load: () => loadFloats(agents, gateway),
  });
  return source;
}

/** Those that answered are shown even when another did not. */
async function loadFloats(
  agents: readonly AgentId[],
  gateway: Pick<TransferGateway, 'balance'>,
): Promise<Loaded> {
  const floats: AgentFloat[] = [];
  const problems: unknown[] = [];
  const waiting = agents.values();
  const askNext = async (): Promise<void> => {
    for (const agent of waiting) {
      try {
        floats.push({ agent, float: await gateway.balance(agent) });
      } catch (error) {
        problems.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE_MAX }, askNext));
  const inOrder = floats.sort(
    (one, other) => agents.indexOf(one.agent) - agents.indexOf(other.agent),
  );
  const families = agentFamilies(inOrder);
  return problems.length === 0 ? { families } : { families, problem: problems[0] };
}
