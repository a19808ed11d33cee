// The five ironhand_* gauges, counted in the database whenever they are scraped.
import { Gauge, type Registry } from 'prom-client';
import type { Logger } from '../service/logger.js';
import { readCensus } from './agent-store.js';
import type { EnrolmentCensus } from './enrolment.js';
import type { RegistryDatabase } from './registry-database.js';

/** Gauge -> its help text and the part of the census that it counts. */
const GAUGES: Readonly<Record<string, readonly [string, keyof EnrolmentCensus]>> = {
  ironhand_enrolled_agents: ['Agents that are enrolled', 'enrolled'],
  ironhand_revoked_agents: ['Agents that have been revoked', 'revoked'],
  ironhand_spire_agent_entries: ['Agent entries in SPIRE', 'entries'],
  ironhand_orphan_entries: ['SPIRE entries without an enrolled agent', 'orphans'],
  ironhand_missing_entries: ['Enrolled agents without a SPIRE entry', 'missing'],
};

/** While the database is away the gauges have no sample: an old number would look like news. */
export function addIronhandMetrics(deps: {
  readonly database: RegistryDatabase;
  readonly registry: Registry;
  readonly logger: Logger;
}): void {
  // One look serves the five gauges of one scrape; prom-client collects them all at once.
  let look: Promise<EnrolmentCensus | undefined> | undefined;
  const census = () => {
    look ??= readCensus(deps.database)
      .catch((error: unknown) => {
        deps.logger.warn({ err: error }, 'cannot count enrolments');
        return undefined;
      })
      .finally(() => {
        look = undefined;
      });
    return look;
  };
  for (const [name, [help, part]] of Object.entries(GAUGES)) {
    new Gauge({
      name,
      help,
      registers: [deps.registry],
      async collect() {
        const counted = await census();
        if (counted === undefined) this.remove();
        else this.set(counted[part].length);
      },
    });
  }
}
