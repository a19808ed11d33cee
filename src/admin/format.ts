// Figures and outcomes as terminals show them.
import type { Outcome } from '../domain/verdict.js';
import type { Cell } from './table.js';

/** `41 ms`, `1.23 s`, `2 min 03 s`; a dash for what is not known. */
export function formatMs(ms: number | undefined): string {
  if (ms === undefined) return '-';
  if (Math.abs(ms) < 1_000) return `${Math.round(ms)} ms`;
  if (Math.abs(ms) < 60_000) return `${(ms / 1_000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.trunc(seconds / 60)} min ${String(Math.abs(seconds % 60)).padStart(2, '0')} s`;
}

/** `18:30:36.123` of a UTC time; the day is in every id that stands beside it. */
export function clockTime(utc: string | undefined): string {
  return utc === undefined ? '-' : utc.slice(11, 23);
}

/** `2026-11-23 18:30:36`. */
export function dayTime(utc: string | undefined): string {
  return utc === undefined ? '-' : `${utc.slice(0, 10)} ${utc.slice(11, 19)}`;
}

/** `passed`, or `failed: timeout`, in its colour. */
export function outcomeCell(outcome: Outcome, failureSignal: string | undefined): Cell {
  const text = failureSignal === undefined ? outcome : `${outcome}: ${failureSignal}`;
  return { text, colour: outcome === 'passed' ? 'green' : outcome === 'failed' ? 'red' : 'yellow' };
}

export function dashIfEmpty(texts: readonly string[]): string {
  return texts.length === 0 ? '-' : texts.join(', ');
}
