// Aligned tables for terminals: widths by content, numbers to the right, no trailing blanks. What
// is too wide for the terminal gives way in its last column, which is prose wherever it is long.
import { type Colour, type Paint, plain } from './paint.js';
import { wrapped } from './wrap.js';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** A cell may have a colour; its width is that of its text alone. */
export type Cell = string | { readonly text: string; readonly colour: Colour };

const GAP = '  ';
/** Prose in less room than this is no pleasure to read: it then stands below its row. */
const PROSE_COLUMNS_MIN = 30;
const BELOW = '    ';
const REMARK = '  ';

/** A row, and what is to be said below it; nothing where the remark is empty. */
export interface Remarked {
  readonly cells: readonly Cell[];
  readonly remark: string;
}

/** A head line and a line for each row, more where its last cell does not fit beside the others. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  paint: Paint = plain,
): string {
  return remarkedTable(
    columns,
    rows.map((cells) => ({ cells, remark: '' })),
    paint,
  );
}

/** The same with remarks below rows. */
export function remarkedTable(
  columns: readonly Column[],
  rows: readonly Remarked[],
  paint: Paint,
): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map(({ cells }) => textOf(cells[index]).length)),
  );
  const layout = { columns, widths, paint };
  const { headOf, linesOf } = chooseLayout(layout);
  const head = columns.map(({ title }) => ({ text: title, colour: 'gray' }) as const);
  const lines = rows.flatMap(({ cells, remark }) => [
    ...linesOf(cells),
    ...(remark === '' ? [] : belowRow(remark, paint, REMARK)),
  ]);
  return [headOf(head), ...lines].join('\n');
}

/** Lines below a heading, or nothing at all where there are no rows. */
export function section(
  heading: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  paint: Paint,
): readonly string[] {
  if (rows.length === 0) return [];
  return ['', paint(heading, 'bold'), renderTable(columns, rows, paint)];
}

interface Layout {
  readonly columns: readonly Column[];
  readonly widths: readonly number[];
  readonly paint: Paint;
}

function lineOf({ columns, widths, paint }: Layout, cells: readonly Cell[]): string {
  return cells
    .map((cell, index) => padded(cell, widths[index] ?? 0, columns[index]?.align, paint))
    .join(GAP)
    .trimEnd();
}

interface Layouter {
  readonly headOf: (cells: readonly Cell[]) => string;
  readonly linesOf: (cells: readonly Cell[]) => readonly string[];
}

/** In one line where it fits; else the last cell in lines of its column, or below the row. */
function chooseLayout(layout: Layout): Layouter {
  const { columns, paint, widths } = layout;
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0);
  const room = (paint.columns ?? Number.POSITIVE_INFINITY) - before;
  const headOf = (cells: readonly Cell[]) => lineOf(layout, cells);
  if ((widths[last] ?? 0) <= room || columns[last]?.align === 'right') {
    return { headOf, linesOf: (cells) => [lineOf(layout, cells)] };
  }
  if (room >= PROSE_COLUMNS_MIN) {
    return { headOf, linesOf: (cells) => besideLines(layout, cells, before, room) };
  }
  return {
    headOf: (cells) => lineOf(layout, cells.slice(0, -1)),
    linesOf: (cells) => belowLines(layout, cells),
  };
}

function besideLines(
  layout: Layout,
  cells: readonly Cell[],
  before: number,
  room: number,
): readonly string[] {
  const last = cells.at(-1) ?? '';
  // An address that is longer than the column would stand out of it.
  if (longestWord(textOf(last)) > room) return belowLines(layout, cells);
  const [first = '', ...more] = wrapped(textOf(last), room);
  const cell = typeof last === 'string' ? first : { ...last, text: first };
  const head = lineOf(layout, [...cells.slice(0, -1), cell]);
  return [head, ...more.map((text) => ' '.repeat(before) + text)];
}

/** What says nothing has no line. */
function belowLines(layout: Layout, cells: readonly Cell[]): readonly string[] {
  const text = textOf(cells.at(-1));
  const lines = text === '' || text === '-' ? [] : belowRow(text, layout.paint, BELOW);
  return [lineOf(layout, cells.slice(0, -1)), ...lines];
}

function belowRow(text: string, paint: Paint, lead: string): readonly string[] {
  const room = (paint.columns ?? Number.POSITIVE_INFINITY) - lead.length;
  return wrapped(text, room).map((line) => lead + line);
}

function longestWord(text: string): number {
  return Math.max(...text.split(' ').map((word) => word.length));
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === 'object' ? cell.text : (cell ?? '');
}

function padded(cell: Cell, width: number, align: Column['align'], paint: Paint): string {
  const text = textOf(cell);
  const blanks = ' '.repeat(Math.max(0, width - text.length));
  const painted = typeof cell === 'object' ? paint(text, cell.colour) : text;
  return align === 'right' ? blanks + painted : painted + blanks;
}
