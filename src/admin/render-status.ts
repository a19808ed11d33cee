// The status for people: what is red first, then the last cycle, then what runs.
import { clockTime, dayTime, formatMs } from './format.js';
import type { StatusView } from './operations/read-status.js';
import { isFollowing } from './operations/validator-health.js';
import type { Paint } from './paint.js';
import { renderScoreboard } from './render-scoreboard.js';
import { type Cell, type Column, section } from './table.js';
import { scoreboardOfView } from './views/scoreboard-view.js';
import { wrapped } from './wrap.js';

const RED_COLUMNS: readonly Column[] = [
  { title: 'what' },
  { title: 'subject' },
  { title: 'reason' },
];

const NAMED_SLOTS_MAX = 5;
const ROWS_OF_KIND_MAX = 10;
const LABEL_COLUMNS = 'missed slots '.length;

/** Several lines without a final line feed. */
export function renderStatus(status: StatusView, paint: Paint): string {
  const { red } = status;
  const head =
    red.length === 0 ? paint('nothing is red', 'green') : paint(`${red.length} red`, 'red');
  return [
    `${head}  (${dayTime(status.at)} UTC)`,
    ...section('Red', RED_COLUMNS, redRows(red), paint),
    '',
    ...lastCycle(status, paint),
    '',
    ...[
      ...running(status),
      warmUp(status),
      workers(status),
      validators(status),
      missedSlots(status),
      supply(status),
      `open tests   ${status.openTests ?? 'not known'}`,
    ].flatMap((line) => hanging(line, paint)),
  ].join('\n');
}

/** What does not fit goes on below what the line says, not below its label. */
function hanging(line: string, { columns = Number.POSITIVE_INFINITY }: Paint): readonly string[] {
  const [label, text] = [line.slice(0, LABEL_COLUMNS), line.slice(LABEL_COLUMNS)];
  return wrapped(text, columns - LABEL_COLUMNS).map(
    (part, index) => (index === 0 ? label : ' '.repeat(LABEL_COLUMNS)) + part,
  );
}

/** What is red for one reason stands in one row, and of each kind only the first rows. */
function redRows(red: StatusView['red']): readonly (readonly Cell[])[] {
  const groups = new Map<string, { what: string; reason: string; subjects: string[] }>();
  for (const { what, subject, reason } of red) {
    const key = JSON.stringify([what, reason]);
    const group = groups.get(key) ?? { what, reason, subjects: [] };
    group.subjects.push(subject);
    groups.set(key, group);
  }
  const kinds = [...new Set(red.map(({ what }) => what))];
  return kinds.flatMap((kind) => {
    const ofKind = [...groups.values()].filter(({ what }) => what === kind);
    const shown = ofKind.slice(0, ROWS_OF_KIND_MAX);
    const rows = shown.map(({ what, subjects, reason }) => [what, named(subjects), reason]);
    const left = ofKind.slice(ROWS_OF_KIND_MAX).flatMap(({ subjects }) => subjects);
    return left.length === 0 ? rows : [...rows, [kind, `${left.length} more`, 'see --json']];
  });
}

function named(subjects: readonly string[]): string {
  const [first = '', ...others] = subjects;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function lastCycle({ last, missedSlots: known }: StatusView, paint: Paint): readonly string[] {
  if (known === undefined) return ['the last cycle is not known'];
  if (last === undefined) return ['no cycle has closed yet'];
  const board = renderScoreboard(scoreboardOfView(last.scoreboard), paint);
  return [paint(`Last cycle, closed ${dayTime(last.closedAt)} UTC`, 'bold'), board];
}

function running({ running: open }: StatusView): readonly string[] {
  return open.map(({ cycleId, planned, startedAt }) => {
    return `running      cycle ${cycleId}, ${planned} tests, since ${clockTime(startedAt)}`;
  });
}

function warmUp({ missedSlots: stored, warmUp: known }: StatusView): string {
  if (stored === undefined) return 'warm-up      not known';
  if (known === undefined) return 'warm-up      none yet';
  if (known.active) return `warm-up      since ${dayTime(known.startedAt)}: red does not page`;
  return `warm-up      over since ${dayTime(known.endedAt)}`;
}

function workers({ workers: alive }: StatusView): string {
  if (alive === undefined) return 'workers      not known';
  const named = alive.map(({ id, startedAt }) => `${id} since ${dayTime(startedAt)}`);
  return `workers      ${alive.length === 0 ? 'none' : named.join('; ')}`;
}

function validators({ validators: views }: StatusView): string {
  if (views === undefined) return 'validators   not known';
  const following = views.filter(isFollowing);
  const lags = following.flatMap(({ lagMs }) => lagMs ?? []);
  const gaps = following.map(({ head, watermark }) => (head ?? 0) - (watermark ?? 0));
  const figures =
    following.length === 0
      ? ''
      : `, lag ${formatMs(lags.length === 0 ? undefined : Math.max(...lags))}, ` +
        `gap ${Math.max(...gaps)} events at most`;
  return `validators   ${following.length}/${views.length} follow their events${figures}`;
}

function supply({ at, missedSlots: stored, supply: known }: StatusView): string {
  if (stored === undefined) return 'supply       not known';
  if (known === undefined) return 'supply       no audit yet';
  const { certificate, decidedAt, headline, since } = known;
  const ageS = Math.round((Date.parse(at) - Date.parse(decidedAt)) / 1_000);
  const age = `certificate ${certificate}, ${ageS} s ago`;
  return `supply       ${headline} since ${dayTime(since)}; ${age}`;
}

function missedSlots({ missedSlots: missed }: StatusView): string {
  if (missed === undefined) return 'missed slots not known';
  const { recent, total } = missed;
  const named = recent.slice(0, NAMED_SLOTS_MAX).map(dayTime).join(', ');
  const more = recent.length > NAMED_SLOTS_MAX ? ', ...' : '';
  return `missed slots ${total} in all${named === '' ? '' : `; of late ${named}${more}`}`;
}
