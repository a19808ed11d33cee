// What stands below a strip of marks that are read from left to right, the newest at the right end.
import type { ComponentChildren } from 'preact';
import { clockMinute } from '../format.js';

/** A few marks stand at the right end, and so do their times; the left end is none of theirs. */
export function StripCaption({
  times,
  places,
  children,
}: {
  /** The moments of the marks, the oldest first. */
  times: readonly string[];
  places: number;
  children: ComponentChildren;
}) {
  const begins = times[0] === undefined ? '–' : clockMinute(times[0]);
  const ends = times.length === 0 ? '–' : clockMinute(times.at(-1) ?? '');
  const isHalfEmpty = times.length < places / 2;
  return (
    <figcaption>
      <span>{isHalfEmpty ? '' : begins}</span>
      {children}
      <span>{isHalfEmpty && begins !== ends ? `${begins} – ${ends}` : ends}</span>
    </figcaption>
  );
}
