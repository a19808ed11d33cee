// The doors of the HTTP face: which request runs which operation. Parts of the path, the query and
// the body are the fields of the operation's one input.
import type { Operation } from '../operation.js';
import { OPERATIONS } from '../operations.js';

export type Method = 'GET' | 'POST';

export interface Route {
  readonly method: Method;
  /** With `:field` where a field of the input stands in the path. */
  readonly url: string;
  readonly tag: string;
  readonly operation: Operation;
}

const V1 = '/api/v1';

export const ROUTES: readonly Route[] = [
  route('GET', '/status', 'status', OPERATIONS.status),
  route('GET', '/status/public', 'status', OPERATIONS.publicStatus),
  route('GET', '/doctor', 'status', OPERATIONS.doctor),
  route('GET', '/config', 'status', OPERATIONS.configShow),
  route('GET', '/config/check', 'status', OPERATIONS.configCheck),
  route('GET', '/board', 'canaries', OPERATIONS.board),
  route('GET', '/attention', 'canaries', OPERATIONS.attention),
  route('GET', '/paths', 'canaries', OPERATIONS.paths),
  route('POST', '/paths/:path/fire', 'actions', OPERATIONS.fire),
  route('GET', '/tests', 'canaries', OPERATIONS.results),
  route('GET', '/tests/:testId', 'canaries', OPERATIONS.result),
  route('GET', '/tests/:testId/explanation', 'canaries', OPERATIONS.explain),
  route('POST', '/tests/:testId/acknowledge', 'actions', OPERATIONS.acknowledge),
  route('POST', '/paths/:path/acknowledge', 'actions', OPERATIONS.acknowledge),
  route('GET', '/cycles', 'canaries', OPERATIONS.cycles),
  route('GET', '/cycles/:cycleId', 'canaries', OPERATIONS.cycleRead),
  route('POST', '/cycles', 'actions', OPERATIONS.cycle),
  route('GET', '/pauses', 'canaries', OPERATIONS.pauses),
  route('POST', '/pauses', 'actions', OPERATIONS.pause),
  route('POST', '/pauses/resume', 'actions', OPERATIONS.resume),
  route('GET', '/maintenance', 'canaries', OPERATIONS.maintenance),
  route('POST', '/maintenance', 'actions', OPERATIONS.maintenanceAdd),
  route('POST', '/maintenance/:window/end', 'actions', OPERATIONS.maintenanceEnd),
  route('GET', '/auditor', 'audits', OPERATIONS.auditor),
  route('GET', '/audits', 'audits', OPERATIONS.auditHistory),
  route('GET', '/audits/verification', 'audits', OPERATIONS.auditVerify),
  route('GET', '/audits/:number', 'audits', OPERATIONS.auditRead),
  route('POST', '/audits', 'actions', OPERATIONS.audit),
  route('POST', '/audits/findings/:finding/acknowledge', 'actions', OPERATIONS.auditAcknowledge),
  route('GET', '/actions', 'actions', OPERATIONS.actions),
  route('POST', '/retention', 'actions', OPERATIONS.retentionRun),
  route('GET', '/tokens', 'access', OPERATIONS.tokens),
  route('POST', '/tokens', 'access', OPERATIONS.tokenCreate),
  route('POST', '/tokens/:id/revoke', 'access', OPERATIONS.tokenRevoke),
  route('GET', '/prometheus/query', 'upstreams', OPERATIONS.promQuery),
  // What may write is posted, whatever it asks of the upstream: no link of another site sends it.
  route('POST', '/grafana', 'upstreams', OPERATIONS.grafana),
  route('POST', '/upstreams/:target', 'upstreams', OPERATIONS.request),
];

/** The fields of the input that stand in the path. */
export function pathFields({ url }: Pick<Route, 'url'>): readonly string[] {
  return [...url.matchAll(/:(\w+)/g)].flatMap(([, name]) => name ?? []);
}

function route(method: Method, path: string, tag: string, operation: Operation): Route {
  return { method, url: `${V1}${path}`, tag, operation };
}
