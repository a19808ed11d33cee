// What is scraped of the guards of the hosts: CrowdSec and its bouncer show metrics of their own.
import type { ScrapeTarget, SecurityFeeds } from './config.js';
import { JOBS, type Job } from './names.js';

export function securityTargets({ hosts }: Pick<SecurityFeeds, 'hosts'>): readonly ScrapeTarget[] {
  return hosts.flatMap(({ host, crowdsec, bouncer }) => {
    const target = (job: Job, address: string | undefined): readonly ScrapeTarget[] =>
      address === undefined ? [] : [{ job, address, labels: { host } }];
    return [...target(JOBS.crowdsec, crowdsec), ...target(JOBS.crowdsecBouncer, bouncer)];
  });
}
