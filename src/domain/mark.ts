// Telling a canary's events from user traffic on raw text, before anything is parsed.

/** Whether a raw event can concern a canary: its text holds one of the marks. */
export type Matcher = (text: string) => boolean;

/**
 * A matcher over marks such as the memo prefix and the canary agents' ids. Marks that contain
 * another mark are dropped, so that the usual set is one or two searches per event.
 */
export function createMatcher(marks: readonly string[]): Matcher {
  const needed = [...new Set(marks)].filter(
    (mark) => !marks.some((other) => other !== mark && mark.includes(other)),
  );
  return (text) => needed.some((mark) => text.includes(mark));
}
