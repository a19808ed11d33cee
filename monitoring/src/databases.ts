// The databases that are watched: three of each frame, and the product's own.
import type { MonitoredTopology, TargetLabel } from './config.js';

export interface WatchedDatabase {
  readonly database: string;
  /** Undefined for the product's own, which belongs to no frame. */
  readonly frame?: string;
  /** Whose it is, as the services of a frame are called. */
  readonly service: string;
}

const ROLES = [
  { suffix: 'registry', service: 'registry' },
  { suffix: 'teg', service: 'teg' },
  { suffix: 'event_store', service: 'event-store' },
] as const;

/** The product's own database. */
const PRODUCT: WatchedDatabase = { database: 'canary_reactor', service: 'canary' };

export function watchedDatabases({
  frames,
}: Pick<MonitoredTopology, 'frames'>): readonly WatchedDatabase[] {
  const ofFrames = frames.flatMap(({ id }) =>
    ROLES.map(({ suffix, service }) => ({
      database: `frame_${id.toLowerCase()}_${suffix}`,
      frame: id,
      service,
    })),
  );
  return [...ofFrames, PRODUCT];
}

/** The name of the exporter process of one database. */
export function databaseExporterName({ database }: WatchedDatabase): string {
  return `postgres-exporter-${database.replaceAll('_', '-')}`;
}

export function databaseLabels({
  database,
  frame,
  service,
}: WatchedDatabase): Readonly<Partial<Record<TargetLabel, string>>> {
  return { database, service, ...(frame === undefined ? {} : { frame }) };
}
