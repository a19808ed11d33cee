// Aligned tables for terminals: widths by content, numbers to the right, no trailing blanks.
import { type Colour, type Paint, plain } from './paint.js';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** A cell may have a colour; its width is that of its text alone. */
export type Cell = string | { readonly text: string; readonly colour: Colour };

const GAP = '  ';

/** A head line and one line a row; every row has a cell for each column. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  paint: Paint = plain,
): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => textOf(row[index]).length)),
  );
  const line = (cells: readonly Cell[]) =>
    columns
      .map(({ align }, index) => padded(cells[index], widths[index] ?? 0, align, paint))
      .join(GAP)
      .trimEnd();
  const head = columns.map(({ title }) => ({ text: title, colour: 'gray' }) as const);
  return [line(head), ...rows.map(line)].join('\n');
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

function textOf(cell: Cell | undefined): string {
  return typeof cell === 'object' ? cell.text : (cell ?? '');
}

function padded(
  cell: Cell | undefined,
  width: number,
  align: Column['align'],
  paint: Paint,
): string {
  const text = textOf(cell);
  const blanks = ' '.repeat(Math.max(0, width - text.length));
  const painted = typeof cell === 'object' ? paint(text, cell.colour) : text;
  return align === 'right' ? blanks + painted : painted + blanks;
}
