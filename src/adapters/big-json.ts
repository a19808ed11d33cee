// JSON with big integers in it, for what we store for ourselves: each as an object that says so.

const TAG = '$int';

export function bigJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? { [TAG]: String(part) } : part,
  );
}

/** The value back from its text; the text is our own. Throws `SyntaxError` where it is none. */
export function parseBigJson(text: string): unknown {
  return JSON.parse(text, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    const tagged: unknown = Object.hasOwn(part, TAG) ? Reflect.get(part, TAG) : undefined;
    return typeof tagged === 'string' ? BigInt(tagged) : part;
  });
}
