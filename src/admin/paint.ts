// Colour for people: only on a terminal, never with NO_COLOR, and never the only sign of anything.
import { styleText } from 'node:util';

export type Colour = 'red' | 'green' | 'yellow' | 'gray' | 'bold';

export type Paint = (text: string, colour: Colour) => string;

export const plain: Paint = (text) => text;

/** Paints when the output is a terminal and NO_COLOR (no-color.org) is not set. */
export function paintFor(isTerminal: boolean, env: NodeJS.ProcessEnv): Paint {
  const wanted = isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  if (!wanted) return plain;
  return (text, colour) => styleText(colour, text, { validateStream: false });
}
