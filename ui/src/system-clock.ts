// The page's only source of wall-clock time.
export function nowMs(): number {
  return Date.now();
}
