// Remembers which events a fault has lost: redelivered by the pipe, they stay lost.
import type { IncomingEvent } from './incoming-event.js';

const MAX_REMEMBERED = 10_000;

/** Draws once per event and remembers the losses. */
export function createLossMemory(
  draw: (event: IncomingEvent) => boolean,
): (event: IncomingEvent) => boolean {
  const lost = new Set<string>();
  return (event) => {
    const { producer, position } = event.envelope;
    const key = `${position} ${producer}`;
    if (lost.has(key)) return true;
    if (!draw(event)) return false;
    const [oldest] = lost;
    if (lost.size >= MAX_REMEMBERED && oldest !== undefined) lost.delete(oldest);
    lost.add(key);
    return true;
  };
}
