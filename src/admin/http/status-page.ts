// The public status page: a document that needs no script, for whoever has no right to more.
import type { RouteState } from '../../domain/public-route.js';
import type { PublicStatus } from '../operations/public-status.js';
import { percent } from './badge.js';

export const STATUS_STYLE_URL = '/status.css';

export const STATUS_STYLE = `:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid GrayText; padding: 0.4rem 0.6rem; text-align: left; }
td.number, th.number { font-variant-numeric: tabular-nums; text-align: right; }
.failing { font-weight: 700; }
.failing td:nth-of-type(1) { color: light-dark(#b3261e, #ff8a80); }
caption { caption-side: top; text-align: left; padding-bottom: 0.4rem; }
a { color: inherit; }
`;

const HEADLINES: Readonly<Record<RouteState, string>> = {
  passing: 'All routes pass',
  failing: 'Some routes fail',
  unknown: 'Some routes have no recent result',
};

/** Shape before colour: each state has its own mark. */
const MARKS: Readonly<Record<RouteState, string>> = {
  passing: '✓',
  failing: '✗',
  unknown: '?',
};

export function statusPage(status: PublicStatus): string {
  const failing = status.routes.filter(({ state }) => state === 'failing').length;
  const headline =
    failing === 0 ? HEADLINES[status.state] : `${failing} of ${status.routes.length} routes fail`;
  const held =
    status.maintenanceSince === undefined
      ? ''
      : `<p>Maintenance since ${momentText(status.maintenanceSince)}: failures are expected.</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${headline}</title>
<link rel="stylesheet" href="${STATUS_STYLE_URL}">
</head>
<body>
<main>
<h1><span aria-hidden="true">${MARKS[status.state]}</span> ${headline}</h1>
${held}<p>At ${momentText(status.at)}; over ${status.window}:
${uptimeText(status.uptime)} passed.</p>
<table>
<caption>Real transfers over every route, once a cycle</caption>
<thead><tr><th scope="col">route</th><th scope="col">state</th>
<th scope="col" class="number">passed</th><th scope="col" class="number">p50 (s)</th>
<th scope="col" class="number">p95 (s)</th></tr></thead>
<tbody>
${status.routes.map(rowOf).join('\n')}
</tbody>
</table>
<p><a href="/status">Read again</a></p>
</main>
</body>
</html>
`;
}

function rowOf({ p50Ms, p95Ms, route, state, uptime }: PublicStatus['routes'][number]): string {
  const number = (text: string) => `<td class="number">${text}</td>`;
  const mark = `<span aria-hidden="true">${MARKS[state]}</span> ${state}`;
  return (
    `<tr class="${state}"><th scope="row">${route}</th><td>${mark}</td>` +
    `${number(uptimeText(uptime))}${number(seconds(p50Ms))}${number(seconds(p95Ms))}</tr>`
  );
}

/** `2026-11-23 18:30:00 UTC`. */
function momentText(at: string): string {
  return `${at.slice(0, 19).replace('T', ' ')} UTC`;
}

function uptimeText(uptime: number | undefined): string {
  return uptime === undefined ? '–' : percent(uptime);
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '–' : (ms / 1_000).toFixed(2);
}
