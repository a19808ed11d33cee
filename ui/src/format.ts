// Figures as people read them: exact UTC times, durations beside them, every digit of money.

export interface NumberStyle {
  readonly group: string;
  readonly decimal: string;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** `14:02:07`, of a UTC time. */
export function clockTime(at: string): string {
  return at.slice(11, 19);
}

/** `14:02`. */
export function clockMinute(at: string): string {
  return at.slice(11, 16);
}

/** `14:02:07.41`, as the log shows when something was decided. */
export function clockFraction(at: string): string {
  return at.slice(11, 22);
}

/** `2026-11-20 08:16:00` on another day than now, else the time alone. */
export function dayTime(at: string, nowMs: number): string {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const day = at.slice(0, 10);
  return day === today ? clockTime(at) : `${day} ${clockTime(at)}`;
}

/** `7 min 12 s`, the two greatest units; never negative. */
export function duration(ms: number): string {
  const rest = Math.max(0, ms);
  if (rest < MINUTE_MS) return `${Math.floor(rest / SECOND_MS)} s`;
  if (rest < HOUR_MS) return pair(rest, MINUTE_MS, 'min', SECOND_MS, 's');
  if (rest < DAY_MS) return pair(rest, HOUR_MS, 'h', MINUTE_MS, 'min');
  return pair(rest, DAY_MS, 'd', HOUR_MS, 'h');
}

function pair(ms: number, greatMs: number, great: string, smallMs: number, small: string): string {
  const many = Math.floor(ms / greatMs);
  const few = Math.floor((ms % greatMs) / smallMs);
  return few === 0 ? `${many} ${great}` : `${many} ${great} ${few} ${small}`;
}

/** `4:53`, of minutes and seconds; `1:04:53` from an hour on. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** Milliseconds as seconds: two places, three where a phase is told apart. */
export function seconds(ms: number | undefined, style: NumberStyle, places = 2): string {
  return ms === undefined ? '–' : fixed(ms / SECOND_MS, places, style);
}

export function fixed(value: number, places: number, style: NumberStyle): string {
  return grouped(value.toFixed(places), style);
}

export function whole(value: number, style: NumberStyle): string {
  return grouped(String(Math.round(value)), style);
}

/**
 * A share in percent, cut and never rounded up: nothing but all is 100. As many places as tell it
 * from 100, three at most.
 */
export function percent(passed: number, of: number, style: NumberStyle): string {
  if (of === 0) return '–';
  if (passed >= of) return '100';
  const share = (100 * passed) / of;
  const places = share >= 99.99 ? 3 : 2;
  const unit = 10 ** places;
  return fixed(Math.floor(share * unit) / unit, places, style);
}

export interface AmountParts {
  /** With its sign: a real minus. */
  readonly whole: string;
  /** With its point. */
  readonly fraction: string;
}

/** A decimal text in two parts, so that its places can be drawn lighter; every digit is kept. */
export function amountParts(text: string, style: NumberStyle): AmountParts {
  const [digits = '', places] = text.split('.');
  return {
    whole: grouped(digits, style),
    fraction: places === undefined ? '' : `${style.decimal}${places}`,
  };
}

export function amount(text: string, style: NumberStyle): string {
  const parts = amountParts(text, style);
  return `${parts.whole}${parts.fraction}`;
}

/** A float as a scoreboard shows it: two places, cut. */
export function shortAmount(text: string, style: NumberStyle): string {
  const [digits = '', places = ''] = text.split('.');
  return `${grouped(digits, style)}${style.decimal}${places.slice(0, 2).padEnd(2, '0')}`;
}

function grouped(text: string, { decimal, group }: NumberStyle): string {
  const negative = text.startsWith('-');
  const [digits = '', places] = (negative ? text.slice(1) : text).split('.');
  const inGroups = digits.replace(/\B(?=(\d{3})+$)/g, group);
  return `${negative ? '−' : ''}${inGroups}${places === undefined ? '' : `${decimal}${places}`}`;
}

/** How many whole days a float lasts at a rate per day, both AVT; undefined where none is spent. */
export function daysLeft(available: string, perDay: string): number | undefined {
  const rate = Number(perDay);
  return rate > 0 ? Math.floor(Number(available) / rate) : undefined;
}

export interface Seats {
  readonly sender: string;
  readonly receiver: string;
  readonly backend: string;
}

/** `A1.1-B1.1-async` as `A1/1`, `B1/1` and `async`. */
export function seatsOf(pathId: string): Seats {
  const [sender = '', receiver = '', ...backend] = pathId.split('-');
  const seat = (text: string) => text.replace('.', '/');
  return { sender: seat(sender), receiver: seat(receiver), backend: backend.join('-') };
}

/** When a cycle began and by whom, as its id says it: `18:30:00`; another id says neither. */
export function cycleClock(
  cycleId: string,
): { readonly clock: string; readonly byHand: boolean } | undefined {
  const match = /^(hand-)?\d{8}T(\d\d)(\d\d)(\d\d)\d*Z$/.exec(cycleId);
  if (match === null) return undefined;
  const [, byHand, hour, minute, second] = match;
  return { clock: `${hour}:${minute}:${second}`, byHand: byHand !== undefined };
}
