// Times at the border: UTC text with milliseconds outside, epoch milliseconds inside.
import { z } from 'zod';

export const timeSchema = z.iso.datetime({ precision: 3 });

export function utc(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function utcIfKnown(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : utc(atMs);
}
