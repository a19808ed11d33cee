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
  route('GET', '/doctor', 'status', OPERATIONS.doctor),
  route('GET', '/config', 'status', OPERATIONS.configShow),
  route('GET', '/config/check', 'status', OPERATIONS.configCheck),
  route('GET', '/board', 'canaries', OPERATIONS.board),
  route('GET', '/auditor', 'audits', OPERATIONS.auditor),
  route('GET', '/paths', 'canaries', OPERATIONS.paths),
  route('POST', '/paths/:path/fire', 'actions', OPERATIONS.fire),
  route('GET', '/tests', 'canaries', OPERATIONS.results),
  route('GET', '/tests/:testId', 'canaries', OPERATIONS.result),
  route('POST', '/cycles', 'actions', OPERATIONS.cycle),
  route('GET', '/audits', 'audits', OPERATIONS.auditHistory),
  route('POST', '/audits', 'actions', OPERATIONS.audit),
  route('GET', '/audits/verification', 'audits', OPERATIONS.auditVerify),
  route('POST', '/audits/findings/:finding/acknowledge', 'actions', OPERATIONS.auditAcknowledge),
  route('GET', '/tokens', 'access', OPERATIONS.tokens),
  route('POST', '/tokens', 'access', OPERATIONS.tokenCreate),
  route('POST', '/tokens/:id/revoke', 'access', OPERATIONS.tokenRevoke),
];

/** The fields of the input that stand in the path. */
export function pathFields({ url }: Pick<Route, 'url'>): readonly string[] {
  return [...url.matchAll(/:(\w+)/g)].flatMap(([, name]) => name ?? []);
}

function route(method: Method, path: string, tag: string, operation: Operation): Route {
  return { method, url: `${V1}${path}`, tag, operation };
}
