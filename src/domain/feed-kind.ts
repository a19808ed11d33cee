// The two ways to hear a frame's events (design, decision 15).

export const FEED_KINDS = ['event-store', 'kafka'] as const;

export type FeedKind = (typeof FEED_KINDS)[number];

export function otherFeed(kind: FeedKind): FeedKind {
  return kind === 'kafka' ? 'event-store' : 'kafka';
}
