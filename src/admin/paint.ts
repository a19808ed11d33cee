// How a terminal shows text: its width, and colour, which is only used on a terminal, never with
// NO_COLOR, and never the only sign of anything.
import { styleText } from 'node:util';

export type Colour = 'red' | 'green' | 'yellow' | 'gray' | 'bold';

export interface Paint {
  (text: string, colour: Colour): string;
  /** How wide lines may be; no limit, unless said. */
  readonly columns?: number;
}

export const plain: Paint = (text) => text;

export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What is read later, in a log or a mail, is most likely read at this width. */
const USUAL_COLUMNS = 80;
/** On a narrower terminal nothing could be aligned. */
const COLUMNS_MIN = 40;

/** Paints when the output is a terminal and NO_COLOR (no-color.org) is not set. */
export function paintFor(screen: Screen, env: NodeJS.ProcessEnv): Paint {
  const isTerminal = screen.isTTY === true;
  const wanted = isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const paint = (text: string, colour: Colour) =>
    wanted ? styleText(colour, text, { validateStream: false }) : text;
  return Object.assign(paint, { columns: columnsOf(screen, env) });
}

/** COLUMNS is the POSIX way to ask for another width where there is no terminal. */
function columnsOf({ columns }: Screen, env: NodeJS.ProcessEnv): number {
  const asked = Number(env.COLUMNS);
  const known = columns ?? (Number.isInteger(asked) && asked > 0 ? asked : USUAL_COLUMNS);
  return Math.max(COLUMNS_MIN, known);
}
