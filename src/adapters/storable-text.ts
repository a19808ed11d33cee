// Text of foreign origin made fit for PostgreSQL, which refuses NUL and lone surrogates: a verdict
// must not fail to be stored for what a platform put into a message.

const UNSTORABLE = /\0|\p{Surrogate}/gu;
const REPLACEMENT = '\ufffd';

/** The text with what PostgreSQL cannot hold replaced by U+FFFD. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, REPLACEMENT);
}

/** The value as JSON that a jsonb column takes. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? storableText(part) : part,
  );
}
