// A store whose results are all younger than any retention.
import type { RetentionStore } from '../../src/ports.js';

export const NOTHING_OLD: RetentionStore = {
  pruneResults: async () => ({ deleted: 0, last: undefined }),
  pruneCycles: async () => 0,
  oldestMs: async () => undefined,
};
