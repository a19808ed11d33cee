// A slot is one due moment of the cycle schedule; a slot that did not fire is counted and named.

const NAMED_SLOTS_MAX = 1_440;

/**
 * The slots between the last one that fired and this one, exclusive, oldest first; at most 1,440 (a
 * day of minutes), so that a long outage stays a bounded list. Slots are multiples of the interval
 * since the epoch, as Temporal's interval schedules are.
 */
export function missedSlots(
  lastSlotMs: number | undefined,
  slotMs: number,
  intervalMs: number,
): readonly number[] {
  if (lastSlotMs === undefined) return [];
  const missed: number[] = [];
  const next = Math.floor(lastSlotMs / intervalMs) * intervalMs + intervalMs;
  const oldest = Math.ceil(slotMs / intervalMs) * intervalMs - NAMED_SLOTS_MAX * intervalMs;
  for (let due = Math.max(next, oldest); due < slotMs; due += intervalMs) missed.push(due);
  return missed;
}
