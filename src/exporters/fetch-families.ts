// One scrape of another program's metrics.
import type { Family } from './family.js';
import { createFamilyReader } from './read-text.js';
import { scrape } from './scrape.js';

export interface FamiliesTarget {
  readonly url: string;
  /** The whole exchange, the page's last byte included. */
  readonly timeoutMs: number;
  readonly bytesMax: number;
  /** The families wanted; all, unless said. */
  readonly accepts?: (family: string) => boolean;
}

/** Asks once and follows no redirect. Throws `ScrapeError`, whatever the target did. */
export async function fetchFamilies(target: FamiliesTarget): Promise<readonly Family[]> {
  const { accepts = () => true, ...rest } = target;
  const isAnswer = (status: number) => status >= 200 && status < 300;
  const page = { ...rest, accept: 'text/plain;version=0.0.4', isAnswer };
  return scrape(page, createFamilyReader(accepts));
}
