// App-level views: tables that Grafana reads from HTTP APIs, the registry's own and ours, for what
// is a list of things and no metric. What a panel takes from an answer is a row of data.
import type { DATA_SOURCES } from '../grafana.js';
import type { PanelPlan } from './model.js';
import { words } from './selectors.js';

export interface ApiQuery {
  readonly source: Exclude<keyof typeof DATA_SOURCES, 'prometheus' | 'victoriaMetrics'>;
  /** From the data source's address on. */
  readonly path: string;
  /** The list in the answer, each of whose entries makes a line. */
  readonly root: string;
  readonly columns: readonly ApiColumn[];
}

export interface ApiColumn {
  /** A field of an entry, with dots between the steps. */
  readonly selector: string;
  readonly title: string;
  readonly type: 'string' | 'number' | 'timestamp';
}

const text = (selector: string, title: string): ApiColumn => ({ selector, title, type: 'string' });
const count = (selector: string, title: string): ApiColumn => ({ selector, title, type: 'number' });
const time = (selector: string, title: string): ApiColumn => ({
  selector,
  title,
  type: 'timestamp',
});

function apiPanel(
  plan: Pick<PanelPlan, 'title' | 'description'> & { readonly api: ApiQuery },
): PanelPlan {
  return {
    ...plan,
    kind: 'api',
    size: [24, 7],
    unit: 'short',
    queries: [],
    noValue: 'the API answers nothing of this',
  };
}

export const FEDERATION_PEERS = apiPanel({
  title: 'Federation peers, by the registry',
  description: 'The other registries as the home registry’s own prober last saw them.',
  api: {
    source: 'platformApi',
    path: '/api/v1/federation/peers',
    root: 'peers',
    columns: [
      text('registry', 'Registry'),
      text('frame', 'Frame'),
      text('status', 'Status'),
      time('last_seen_at', 'Seen'),
      count('latency_ms', 'Latency, ms'),
    ],
  },
});

export const PROPOSALS = apiPanel({
  title: 'Proposals, by the registry',
  description: 'The newest proposals of every status, and the weights that were cast.',
  api: {
    source: 'platformApi',
    path: '/api/v1/governance/proposals?status=*',
    root: 'proposals',
    columns: [
      text('title', 'Proposal'),
      text('status', 'Status'),
      count('tally.for', 'For'),
      count('tally.against', 'Against'),
      count('tally.abstain', 'Abstain'),
      count('tally.total', 'Electorate'),
      time('opened_at', 'Opened'),
      time('closes_at', 'Closes'),
    ],
  },
});

export const DISPUTES = apiPanel({
  title: 'Disputes, by the registry',
  description: 'The newest disputes of every phase, and between whom they are.',
  api: {
    source: 'platformApi',
    path: '/api/v1/disputes?phase=*',
    root: 'disputes',
    columns: [
      text('phase', 'Phase'),
      text('claimant', 'Claimant'),
      text('respondent', 'Respondent'),
      text('reason', 'Reason'),
      time('opened_at', 'Opened'),
      time('updated_at', 'Moved'),
    ],
  },
});

export const RED = apiPanel({
  title: 'What is red, by our own API',
  description: words(
    'Everything that somebody should look at, each with its reason in words, as',
    '`npm run canary -- status` says it. Nothing here is what should be here.',
  ),
  api: {
    source: 'canaryApi',
    path: '/api/v1/status',
    root: 'red',
    columns: [text('what', 'What'), text('subject', 'Which'), text('reason', 'Why')],
  },
});

export const PATHS = apiPanel({
  title: 'Every path, by our own API',
  description: words(
    'The newest tests of each path, worst first: unlike the metrics, with the phase in which the',
    'last one ended.',
  ),
  api: {
    source: 'canaryApi',
    path: '/api/v1/paths',
    root: 'paths',
    columns: [
      text('pathId', 'Path'),
      text('last.outcome', 'Last'),
      text('last.phase', 'Phase'),
      time('last.decidedAt', 'Decided'),
      count('passed', 'Passed'),
      count('of', 'Of'),
      count('p95Ms', 'p95, ms'),
    ],
  },
});

export const CERTIFICATES = apiPanel({
  title: 'Certificates, by our own API',
  description: 'The newest audits in a line each: what was concluded, and of what.',
  api: {
    source: 'canaryApi',
    path: '/api/v1/audits',
    root: 'certificates',
    columns: [
      count('number', 'Number'),
      text('outcome', 'Outcome'),
      text('headline', 'Headline'),
      time('decidedAt', 'Decided'),
      count('durationMs', 'Took, ms'),
    ],
  },
});
