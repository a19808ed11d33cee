// How long what is stored is kept: failures longer than passes, what nobody has seen the longest.
// Certificates and the log of actions are kept for ever.
import { KEY_LIFE_MS } from './action.js';

export interface RetentionSettings {
  /** Clean results, and the cycles of which no result is left. */
  readonly passedMs: number;
  /** Results that are not clean, with what belongs to them, once somebody has seen them. */
  readonly failedMs: number;
  readonly unacknowledgedMs: number;
}

/** What is older than a cut goes. */
export interface RetentionCuts {
  readonly passedMs: number;
  readonly failedMs: number;
  readonly unacknowledgedMs: number;
  /** Claims of idempotency keys whose life is over. */
  readonly keysMs: number;
}

export function retentionCuts(settings: RetentionSettings, nowMs: number): RetentionCuts {
  return {
    passedMs: nowMs - settings.passedMs,
    failedMs: nowMs - settings.failedMs,
    unacknowledgedMs: nowMs - settings.unacknowledgedMs,
    keysMs: nowMs - KEY_LIFE_MS,
  };
}

export const PRUNED = ['results', 'findings', 'corrections', 'cycles'] as const;
