// What a closed cycle and a missed slot add to the counters.
import type { Scoreboard } from '../domain/scoreboard.js';
import type { Tally } from '../domain/tally.js';

/** What a newly closed cycle adds. */
export function tallyOfCycle({ clean }: Scoreboard): Tally {
  return { tally: 'cycles', labels: { clean: String(clean) }, add: 1 };
}

/** What a slot adds that is newly known not to have fired. */
export const MISSED_SLOT_TALLY: Tally = { tally: 'missed_slots', labels: {}, add: 1 };
