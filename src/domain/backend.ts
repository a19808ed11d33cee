// A backend is how a transfer travels. The three rows here are the only place that lists them.

/** How a transfer travels through the platform (design, glossary). */
export type Backend = 'intra' | 'async' | '2pc';

/** Every backend, in the order in which pages and tables show them. */
export const BACKENDS: readonly Backend[] = ['intra', 'async', '2pc'];

/** Whether a text names a backend; anything else is refused before a transfer is fired. */
export function isBackend(text: string): text is Backend {
  return (BACKENDS as readonly string[]).includes(text);
}
