// The files of cases, one for each table: what promtool runs, and what the tests count.
import type { AlertCase } from './alert-case.js';
import { BUDGET_CASES } from './budget-cases.js';
import { CANARY_CASES } from './canary-cases.js';
import { INFRASTRUCTURE_CASES } from './infrastructure-cases.js';
import { SECURITY_CASES } from './security-cases.js';
import { SERVICE_CASES } from './service-cases.js';
import { SUPPLY_CASES } from './supply-cases.js';

export interface CaseFile {
  /** Between two values of a series, and between two evaluations. */
  readonly interval: string;
  readonly cases: readonly AlertCase[];
}

const SCRAPE = '15s';

export const CASE_FILES: Readonly<Record<string, CaseFile>> = {
  'supply_test.yml': { interval: SCRAPE, cases: SUPPLY_CASES },
  'services_test.yml': { interval: SCRAPE, cases: SERVICE_CASES },
  'canary_test.yml': { interval: SCRAPE, cases: CANARY_CASES },
  'budget_test.yml': { interval: '1m', cases: BUDGET_CASES },
  'security_test.yml': { interval: SCRAPE, cases: SECURITY_CASES },
  'infrastructure_test.yml': { interval: SCRAPE, cases: INFRASTRUCTURE_CASES },
};
