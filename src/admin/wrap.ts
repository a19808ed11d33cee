// Prose in lines of a terminal's width.
import type { Paint } from './paint.js';

/** The text in lines of the terminal's width. */
export function prose(text: string, { columns }: Paint): readonly string[] {
  return wrapped(text, columns ?? Number.POSITIVE_INFINITY);
}

/** The text in lines of at most so many characters, broken at blanks; a longer word stays whole. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= columns || line === '') {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
