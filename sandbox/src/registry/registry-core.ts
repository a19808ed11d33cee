// What every part of a registry works with.
import type { Clock } from '../service/clock.js';
import type { FaultEngine } from '../service/faults.js';
import type { Logger } from '../service/logger.js';
import type { StrikeMemory } from '../service/strike-memory.js';
import type { Tokens } from '../service/tokens.js';
import type { Topology } from '../topology.js';
import type { Opa } from './opa.js';
import type { PeerProber } from './peer-prober.js';
import type { RegistryDatabase } from './registry-database.js';
import type { TegRelay } from './teg-relay.js';
import type { VotingPowers } from './voting-power.js';

export interface RegistryCore {
  readonly topology: Topology;
  readonly frame: string;
  readonly registryId: string;
  readonly database: RegistryDatabase;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly faults: FaultEngine;
  readonly strikes: StrikeMemory;
  readonly relay: TegRelay;
  readonly prober: PeerProber;
  readonly votingPowers: VotingPowers;
  /** Absent unless the topology switches OPA on. */
  readonly opa: Opa | undefined;
}

export function nowOf(core: Pick<RegistryCore, 'clock'>): Date {
  return new Date(core.clock.nowMs());
}
