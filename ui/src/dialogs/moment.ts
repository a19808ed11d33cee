// Moments as people type them, in UTC and to the minute: `2026-11-23 18:30`.

export function formatMoment(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

/** As the API takes it; what is no moment is handed on, so that the API can say so. */
export function parseMoment(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})$/.exec(text.trim());
  return match === null ? text : `${match[1]}T${match[2]}:00Z`;
}
