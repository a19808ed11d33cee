// Badges as SVG, drawn by hand: a word, a figure, a colour that is never alone in saying it.
import type { PublicStatus, PublicWindow } from '../operations/public-status.js';

export const BADGES = ['health', 'uptime', 'latency'] as const;
export type Badge = (typeof BADGES)[number];

type Figures = Pick<PublicStatus, 'state' | 'uptime' | 'p95Ms'>;

const COLOURS = {
  passing: '#2f7d4f',
  failing: '#b3261e',
  unknown: '#5f6773',
  label: '#30363d',
} as const;
/** Text of 11 px in the common sans-serifs; a box that is a little wide harms nobody. */
const CHARACTER_PX = 6.6;
const PADDING_PX = 8;
const HEIGHT_PX = 20;

const UPTIME_GOOD = 0.99;

export function badgeSvg(badge: Badge, window: PublicWindow, figures: Figures): string {
  const { colour, text } = badgeText(badge, figures);
  const label = badge === 'health' ? 'canaries' : `${badge} ${window}`;
  const left = widthOf(label);
  const right = widthOf(text);
  const title = `${label}: ${text}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT_PX}"`,
    ` role="img" aria-label="${title}"><title>${title}</title>`,
    `<rect width="${left}" height="${HEIGHT_PX}" fill="${COLOURS.label}"/>`,
    `<rect x="${left}" width="${right}" height="${HEIGHT_PX}" fill="${colour}"/>`,
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`,
    `<text x="${PADDING_PX}" y="14">${label}</text>`,
    `<text x="${left + PADDING_PX}" y="14">${text}</text></g></svg>\n`,
  ].join('');
}

function badgeText(badge: Badge, { p95Ms, state, uptime }: Figures) {
  if (badge === 'health') return { text: state, colour: COLOURS[state] };
  if (badge === 'latency') {
    if (p95Ms === undefined) return { text: 'unknown', colour: COLOURS.unknown };
    return { text: `p95 ${(p95Ms / 1_000).toFixed(2)} s`, colour: COLOURS.label };
  }
  if (uptime === undefined) return { text: 'unknown', colour: COLOURS.unknown };
  return { text: percent(uptime), colour: COLOURS[uptime >= UPTIME_GOOD ? 'passing' : 'failing'] };
}

/** Cut, not rounded: 100 % is said only where nothing failed. */
export function percent(ratio: number): string {
  return `${(Math.floor(ratio * 10_000) / 100).toFixed(2)} %`;
}

function widthOf(text: string): number {
  return Math.ceil(text.length * CHARACTER_PX) + 2 * PADDING_PX;
}
