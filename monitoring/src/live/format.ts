// Values as Grafana would write them, near enough to judge a layout.
import { systemClock } from '../../../src/adapters/system-clock.js';
import type { Unit } from '../dashboards/model.js';

const THOUSANDS = ['', ' K', ' Mil', ' Bil'];
const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const DURATIONS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, ' days'],
  [3_600, ' hours'],
  [60, ' mins'],
  [1, ' s'],
  [0.001, ' ms'],
];

export function formatValue(value: number, unit: Unit, decimals?: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (unit.startsWith('suffix:')) {
    return `${scaled(value, 1_000, THOUSANDS, decimals)}${unit.slice('suffix:'.length)}`;
  }
  return FORMATS[unit]?.(value, decimals) ?? scaled(value, 1_000, THOUSANDS, decimals);
}

type Format = (value: number, decimals?: number) => string;

const FORMATS: Partial<Readonly<Record<Unit, Format>>> = {
  none: (value, decimals) => rounded(value, decimals),
  percentunit: (value, decimals) => `${rounded(value * 100, decimals)}%`,
  s: (value) => duration(value),
  ms: (value) => duration(value / 1_000),
  bytes: (value) => scaled(value, 1_024, BYTES),
  Bps: (value) => `${scaled(value, 1_024, BYTES)}/s`,
  reqps: (value) => `${rounded(value)} req/s`,
  ops: (value) => `${rounded(value)} ops/s`,
  cps: (value) => `${rounded(value)} c/s`,
  dateTimeFromNow: (value) => `${duration((systemClock.nowMs() - value) / 1_000)} ago`,
};

function duration(seconds: number): string {
  if (seconds === 0) return '0 s';
  const [size, name] = DURATIONS.find(([from]) => Math.abs(seconds) >= from) ?? [0.000_001, ' µs'];
  return `${rounded(seconds / size)}${name}`;
}

function scaled(value: number, base: number, names: readonly string[], decimals?: number): string {
  if (value === 0) return `0${names[0] === '' ? '' : ` ${names[0]}`}`;
  const power = Math.min(
    names.length - 1,
    Math.max(0, Math.floor(Math.log(Math.abs(value)) / Math.log(base))),
  );
  const name = names[power] ?? '';
  const gap = name === '' || name.startsWith(' ') ? '' : ' ';
  return `${rounded(value / base ** power, decimals)}${gap}${name}`;
}

/** Three significant digits, unless told how many decimals. */
function rounded(value: number, decimals?: number): string {
  if (decimals !== undefined) return value.toFixed(decimals);
  if (Number.isInteger(value)) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return String(Number(value.toFixed(Math.min(digits, 6))));
}
