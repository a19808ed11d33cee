// Reads the Prometheus text format 0.0.4 piece by piece and keeps only the families asked for, so
// that a page of many thousand series costs the memory of those wanted.
import type { Family, Labels, MetricType, Sample } from './family.js';

export interface FamilyReader {
  /** Takes the next piece of the text, cut anywhere. Throws `MetricsTextError`. */
  push(text: string): void;
  /** The families, once all text is pushed. Throws `MetricsTextError`. */
  end(): readonly Family[];
}

/** Thrown where a text is not the Prometheus text format, or beyond a bound; names the line. */
export class MetricsTextError extends Error {
  constructor(problem: string, lineNumber: number, line: string) {
    super(`line ${lineNumber}: ${problem}: ${JSON.stringify(line.slice(0, 120))}`);
    this.name = 'MetricsTextError';
  }
}

const LINE_CHARACTERS_MAX = 64 * 1024;
const SAMPLES_MAX = 50_000;

const TYPES: readonly string[] = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const SUFFIXES: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

const COMMENT = /^#\s+(HELP|TYPE)\s+([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\s+(.*))?$/;
const SAMPLE_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\[\\"n])*)"\s*(,|(?=\}))/y;
/** The value; a timestamp after it is dropped, for what is joined is of now. */
const VALUE =
  /^\s*([+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf)|nan)(?:\s+-?\d+)?\s*$/i;

interface Draft {
  readonly name: string;
  readonly accepted: boolean;
  type: MetricType | undefined;
  help: string;
  readonly samples: Sample[];
}

/** A reader that keeps the families whose name is accepted and only skims the others. */
export function createFamilyReader(accepts: (family: string) => boolean): FamilyReader {
  const drafts = new Map<string, Draft>();
  let current: Draft | undefined;
  let unfinished = '';
  let lineNumber = 0;
  let sampleCount = 0;

  function draftOf(name: string): Draft {
    const known = drafts.get(name);
    if (known !== undefined) return known;
    const accepted = accepts(name);
    const draft = { name, accepted, type: undefined, help: '', samples: [] };
    if (accepted) drafts.set(name, draft);
    return draft;
  }

  function readComment(line: string): void {
    const [, keyword, name, text = ''] = COMMENT.exec(line) ?? [];
    if (keyword === undefined || name === undefined) return;
    current = draftOf(name);
    if (keyword === 'HELP') current.help = unescaped(text);
    else setType(current, text.trim(), line);
  }

  function setType(draft: Draft, text: string, line: string): void {
    if (!isMetricType(text)) throw new MetricsTextError('unknown type', lineNumber, line);
    if (draft.type !== undefined || draft.samples.length > 0) {
      throw new MetricsTextError('a second type', lineNumber, line);
    }
    draft.type = text;
  }

  function readSample(line: string): void {
    const name = SAMPLE_NAME.exec(line)?.[0];
    if (name === undefined) throw new MetricsTextError('no metric name', lineNumber, line);
    const draft = current !== undefined && belongs(name, current) ? current : draftOf(name);
    if (!belongs(name, draft)) throw new MetricsTextError('no suffix', lineNumber, line);
    if (!draft.accepted) return;
    sampleCount += 1;
    if (sampleCount > SAMPLES_MAX) throw new MetricsTextError('too many', lineNumber, line);
    draft.samples.push(parseSample(name, line, lineNumber));
  }

  function readLine(line: string): void {
    lineNumber += 1;
    if (line.startsWith('#')) readComment(line);
    else if (line.trim() !== '') readSample(line);
  }

  return {
    push(text) {
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() ?? '';
      for (const line of lines) readLine(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (unfinished.length > LINE_CHARACTERS_MAX) {
        throw new MetricsTextError('too long', lineNumber + 1, unfinished);
      }
    },
    end() {
      if (unfinished !== '') readLine(unfinished);
      unfinished = '';
      return [...drafts.values()].filter((draft) => draft.samples.length > 0).map(familyOfDraft);
    },
  };
}

/** All families of a whole text. Throws `MetricsTextError`. */
export function readFamilies(text: string): readonly Family[] {
  const reader = createFamilyReader(() => true);
  reader.push(text);
  return reader.end();
}

function familyOfDraft({ name, type, help, samples }: Draft): Family {
  return { name, type: type ?? 'untyped', help, samples };
}

function belongs(sampleName: string, draft: Draft): boolean {
  if (!sampleName.startsWith(draft.name)) return false;
  const suffixes = SUFFIXES[draft.type ?? 'untyped'] ?? [''];
  return suffixes.includes(sampleName.slice(draft.name.length));
}

function isMetricType(text: string): text is MetricType {
  return TYPES.includes(text);
}

function parseSample(name: string, line: string, lineNumber: number): Sample {
  const { labels, end } = parseLabels(line, name.length, lineNumber);
  const value = VALUE.exec(line.slice(end))?.[1];
  if (value === undefined) throw new MetricsTextError('no value', lineNumber, line);
  return { name, labels, value };
}

/** The labels after a name, and where they end. */
function parseLabels(
  line: string,
  start: number,
  lineNumber: number,
): { readonly labels: Labels; readonly end: number } {
  if (line[start] !== '{') return { labels: {}, end: start };
  const labels = new Map<string, string>();
  let end = start + 1;
  LABEL.lastIndex = end;
  for (let match = LABEL.exec(line); match !== null; match = LABEL.exec(line)) {
    const [, name = '', value = ''] = match;
    if (labels.has(name)) throw new MetricsTextError('a label twice', lineNumber, line);
    labels.set(name, unescaped(value));
    end = LABEL.lastIndex;
  }
  const close = /^\s*\}/.exec(line.slice(end))?.[0];
  if (close === undefined) throw new MetricsTextError('broken labels', lineNumber, line);
  return { labels: Object.fromEntries(labels), end: end + close.length };
}

function unescaped(text: string): string {
  return text.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
