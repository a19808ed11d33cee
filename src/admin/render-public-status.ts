// The status that anybody may see, for people: all in one line, then each route.
import { dayTime, formatMs } from './format.js';
import type { PublicStatus } from './operations/public-status.js';
import type { Colour, Paint } from './paint.js';
import { renderTable } from './table.js';

const COLOURS: Readonly<Record<PublicStatus['state'], Colour>> = {
  passing: 'green',
  failing: 'red',
  unknown: 'yellow',
};

export function renderPublicStatus(status: PublicStatus, paint: Paint): string {
  const { at, maintenanceSince, routes, state, window } = status;
  const columns = [
    { title: 'route' },
    { title: 'state' },
    { title: 'uptime', align: 'right' },
    { title: 'p50', align: 'right' },
    { title: 'p95', align: 'right' },
  ] as const;
  const rows = routes.map((one) => [
    one.route,
    { text: one.state, colour: COLOURS[one.state] },
    percent(one.uptime),
    formatMs(one.p50Ms),
    formatMs(one.p95Ms),
  ]);
  const held =
    maintenanceSince === undefined ? [] : [`in maintenance since ${dayTime(maintenanceSince)} UTC`];
  return [
    `${paint(state, COLOURS[state])}  ${percent(status.uptime)} over ${window}  ` +
      `(${dayTime(at)} UTC)`,
    ...held,
    '',
    renderTable(columns, rows, paint),
  ].join('\n');
}

function percent(ratio: number | undefined): string {
  return ratio === undefined ? '-' : `${(ratio * 100).toFixed(2)} %`;
}
