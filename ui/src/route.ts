// The addresses of the page, all behind the hash, each reachable by hand and by link.

export type Route =
  | { readonly page: 'canaries'; readonly path?: string; readonly test?: string }
  | { readonly page: 'auditor' }
  | { readonly page: 'unknown'; readonly hash: string };

/** A place that the page has. */
export type KnownRoute = Exclude<Route, { page: 'unknown' }>;

const CANARIES = '#/admin/canaries';
const AUDITOR = '#/admin/auditor';

export function parseRoute(hash: string): Route {
  if (hash === '' || hash === '#' || hash === '#/') return { page: 'canaries' };
  if (hash === AUDITOR) return { page: 'auditor' };
  if (hash === CANARIES) return { page: 'canaries' };
  const [path, test, ...more] = partsAfter(hash, `${CANARIES}/paths/`);
  if (path === undefined || path === '' || more.length > 0) return { page: 'unknown', hash };
  return test === undefined || test === ''
    ? { page: 'canaries', path }
    : { page: 'canaries', path, test };
}

export function formatRoute(route: KnownRoute): string {
  if (route.page === 'auditor') return AUDITOR;
  if (route.path === undefined) return CANARIES;
  const path = `${CANARIES}/paths/${encodeURIComponent(route.path)}`;
  return route.test === undefined ? path : `${path}/${encodeURIComponent(route.test)}`;
}

function partsAfter(hash: string, prefix: string): readonly string[] {
  if (!hash.startsWith(prefix)) return [];
  try {
    return hash.slice(prefix.length).split('/').map(decodeURIComponent);
  } catch {
    // A percent sign that encodes nothing.
    return [];
  }
}
