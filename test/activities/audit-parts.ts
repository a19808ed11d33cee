// The parts of an auditor of two sandbox frames, with limits that suit a test.
import { setTimeout as pause } from 'node:timers/promises';
import { type AuditSettings, createSupplyAuditor } from '../../src/activities/supply-auditor.js';
import { sha256Hex } from '../../src/adapters/sha256.js';
import { createSupplyPlatform } from '../../src/adapters/supply-platform.js';
import { systemClock } from '../../src/adapters/system-clock.js';
import type { SupplyPlatform, SupplyStore } from '../../src/ports.js';
import type { SandboxFrame } from '../support/sandbox-service.js';

export const BUCKETS = 8;
export const MISSING_LIMIT_MS = 1_000;

interface Frames {
  readonly frames: readonly SandboxFrame[];
}

export function platformOf({ frames }: Frames): SupplyPlatform {
  return createSupplyPlatform({
    frames: frames.map(({ eventStoreUrl, id, tegUrl }) => ({
      id,
      teg: tegUrl,
      eventStore: eventStoreUrl,
    })),
    bucketCount: BUCKETS,
    timeoutMs: 10_000,
  });
}

export function settingsOf({ frames }: Frames): AuditSettings {
  return {
    frames: frames.map(({ id }) => id),
    bucketCount: BUCKETS,
    intervalMs: 60_000,
    cutWaitMs: 10_000,
    missingLimitMs: MISSING_LIMIT_MS,
    partEventsMax: 100_000,
    openLimits: { intra: 60_000, async: 60_000, '2pc': 60_000 },
  };
}

export function auditorOf(store: SupplyStore, platform: SupplyPlatform, settings: AuditSettings) {
  return createSupplyAuditor({
    clock: systemClock,
    platform,
    store,
    settings,
    hashOf: sha256Hex,
    wait: (ms) => pause(ms),
    onProgress: () => undefined,
  });
}
