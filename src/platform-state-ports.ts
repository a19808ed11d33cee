// The ports of the business metrics: the platform's state as it is asked, and which transfers are
// our own. Part of `ports.ts`, in a file of its own.
import type { Exchange } from './domain/federation-drift.js';
import type { FrameId, RegistryId } from './domain/frame.js';
import type { RegistryBusiness, TegBusiness } from './domain/platform-state.js';
import type { OwnTransfer, RecentLog } from './domain/recent-traffic.js';

/** The public reads of the platform. All throw `PlatformUnavailableError`; none is retried. */
export interface PlatformState {
  teg(frame: FrameId): Promise<TegBusiness>;
  registry(frame: FrameId, registry: RegistryId): Promise<RegistryBusiness>;
  /** What the frame's EventStore exchanged with every other frame. */
  exchange(frame: FrameId): Promise<readonly Exchange[]>;
  /** The end of the frame's log, without the last moments, whose fees may be on their way. */
  recentLog(frame: FrameId): Promise<RecentLog>;
}

/** What the reactor knows of its own transfers, decided or on their way. */
export interface OwnTransfers {
  /** Those among the given ones that are ours; throws `StoreUnavailableError`. */
  among(candidates: readonly OwnCandidate[], sinceMs: number): Promise<readonly OwnTransfer[]>;
}

export interface OwnCandidate {
  readonly transferId: string;
  readonly memo: string;
}
