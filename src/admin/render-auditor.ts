// The auditor for people: whether the supply is zero and since when, the equation, what is open.
import { dayTime, formatMs } from './format.js';
import type { Paint } from './paint.js';
import { section } from './table.js';
import type { AuditorView } from './views/auditor-view.js';
import { prose } from './wrap.js';

export function renderAuditor(auditor: AuditorView, paint: Paint): string {
  const { broken, chain, state, transit } = auditor;
  if (state === undefined) return 'no audit yet';
  const holds = broken === undefined;
  const colour = state.outcome === 'ok' ? 'green' : state.outcome === 'unknown' ? 'yellow' : 'red';
  return [
    `${paint(state.outcome, colour)}  since ${dayTime(state.since)} UTC, certificate ` +
      `${state.certificate} of ${dayTime(state.decidedAt)}`,
    ...(state.headline === state.outcome ? [] : prose(state.headline, paint)),
    holds
      ? `the newest ${chain.length} certificates follow from each other`
      : paint(`certificate ${broken.number} does not hold: ${broken.problem}`, 'red'),
    `in transit: ${transit.open} transfers of ${transit.amount} AVT, ${transit.overdue} overdue`,
    ...equation(auditor, paint),
    ...standing(auditor, paint),
  ].join('\n');
}

function equation({ equation: known }: AuditorView, paint: Paint): readonly string[] {
  const columns = [
    { title: 'frame' },
    { title: 'by events', align: 'right' },
    { title: 'circulating', align: 'right' },
    { title: 'delta', align: 'right' },
  ] as const;
  const frames = known?.frames ?? [];
  const all = known?.total === undefined ? [] : [{ frame: 'all', figures: known.total }];
  const rows = [...frames, ...all].map(({ figures, frame }) => [
    frame,
    figures?.byEvents ?? '-',
    figures?.circulating ?? '-',
    figures?.delta ?? '-',
  ]);
  return section('Issued − destroyed + in transit, against what circulates', columns, rows, paint);
}

function standing({ at, standing: findings }: AuditorView, paint: Paint): readonly string[] {
  const columns = [{ title: 'finding' }, { title: 'since' }, { title: 'what' }] as const;
  const rows = findings.map(({ evidence, foundAt, id, kind, subject }) => [
    id,
    formatMs(Date.parse(at) - Date.parse(foundAt)),
    `${kind}, ${subject}: ${evidence}`,
  ]);
  return section('Standing findings', columns, rows, paint);
}
