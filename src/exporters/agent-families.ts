// The float of the canary agents, exact: base units become decimal text, never a float.
import { formatAmount } from '../domain/amount.js';
import type { AgentId } from '../domain/frame.js';
import type { Float } from '../ports.js';
import { type Family, familyOf } from './family.js';
import { METRICS } from './metrics.js';

export interface AgentFloat {
  readonly agent: AgentId;
  readonly float: Float;
}

export function agentFamilies(floats: readonly AgentFloat[]): readonly Family[] {
  return [
    familyOf(
      METRICS.agentFloat,
      floats.flatMap(({ agent, float }) => [
        { labels: { agent, state: 'available' }, value: formatAmount(float.availableBaseUnits) },
        { labels: { agent, state: 'held' }, value: formatAmount(float.heldBaseUnits) },
      ]),
    ),
    familyOf(
      METRICS.agentActive,
      floats.map(({ agent, float }) => ({ labels: { agent }, value: float.status === 'active' })),
    ),
  ];
}
