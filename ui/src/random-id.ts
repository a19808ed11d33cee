// A name that nobody else takes. `crypto.randomUUID` is there in secure contexts alone, and over
// plain http from another machine the page is in none.

export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
