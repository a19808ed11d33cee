// Results as a stream of text, NDJSON or CSV: read a page at a time, so that the memory that it
// takes does not depend on how many there are. What comes in meanwhile is not in it.
import { z } from 'zod';
import type { ResultPlace, ResultQuery, StoredResult } from '../ports.js';
import type { AdminDependencies } from './admin-dependencies.js';
import { type Answer, done } from './answer.js';
import { answerOrAway, refusalOf } from './operation.js';
import { chooseResults, type ResultFilter, resultFilterInput } from './operations/result-filter.js';
import { type ResultView, resultView } from './views/result-view.js';

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const exportInput = z.strictObject({
  ...resultFilterInput,
  format: z.enum(EXPORT_FORMATS).default('ndjson'),
});

export const EXPORT_MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
};

const PAGE = 500;

/**
 * The pages of an export, the newest results first, each a text of whole lines. The first page is
 * read before the answer, so that a store that is away is told and not a broken stream. Later it
 * throws `StoreUnavailableError`, and what the signal's reason is once that is aborted.
 */
export async function exportResults(
  deps: AdminDependencies,
  { format, ...filter }: ResultFilter & { readonly format: ExportFormat },
  signal: AbortSignal,
): Promise<Answer<AsyncIterable<string>>> {
  const chosen = chooseResults(deps, filter);
  if (chosen.kind !== 'done') return chosen;
  // What is decided from now on would come in before the first page and is left out.
  const query = { untilMs: deps.clock.nowMs() + 1, ...chosen.value };
  const first = await deps.results.recent({ ...query, limit: PAGE });
  return done(pagesOf(deps, query, first, WRITERS[format], signal));
}

const byHandInput = exportInput.extend({ out: z.string().min(1).optional() });

/** The export as the command line asks for it. */
export async function exportByHand(
  deps: AdminDependencies,
  input: unknown,
  signal: AbortSignal,
): Promise<Answer<{ readonly text: AsyncIterable<string>; readonly file: string | undefined }>> {
  const parsed = byHandInput.safeParse(input);
  if (!parsed.success) return refusalOf(parsed.error, input);
  const { out: file, ...asked } = parsed.data;
  const opened = await answerOrAway(() => exportResults(deps, asked, signal));
  return opened.kind === 'done' ? done({ text: opened.value, file }) : opened;
}

interface Writer {
  readonly head: string;
  readonly line: (result: ResultView) => string;
}

async function* pagesOf(
  deps: AdminDependencies,
  query: Omit<ResultQuery, 'limit'>,
  first: readonly StoredResult[],
  writer: Writer,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  if (writer.head !== '') yield writer.head;
  for (let page = first; page.length > 0; ) {
    yield page.map((result) => writer.line(resultView(result))).join('');
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    signal.throwIfAborted();
    const after: ResultPlace = { decidedAtMs: last.decidedAtMs, testId: last.testId };
    page = await deps.results.recent({ ...query, after, limit: PAGE });
  }
}

/** The columns of a CSV; what is a list or deeper stands in NDJSON alone. */
const CSV_COLUMNS = [
  'testId',
  'cycleId',
  'pathId',
  'backend',
  'amount',
  'outcome',
  'failureSignal',
  'phase',
  'reason',
  'transferId',
  'firedAt',
  'decidedAt',
  'closedAt',
  'totalLatencyMs',
  'committedLatencyMs',
  'observerShareMs',
  'late',
  'degraded',
  'clean',
  'warmUp',
  'maintenance',
  'findingCount',
  'correctionCount',
] as const satisfies readonly (keyof ResultView)[];

const WRITERS: Readonly<Record<ExportFormat, Writer>> = {
  ndjson: { head: '', line: (result) => `${JSON.stringify(result)}\n` },
  csv: {
    head: csvLine(CSV_COLUMNS),
    line: (result) => csvLine(CSV_COLUMNS.map((column) => String(result[column] ?? ''))),
  },
};

/** RFC 4180. Text of foreign origin must not be taken for a formula by what opens the file. */
function csvLine(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

function csvField(text: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
