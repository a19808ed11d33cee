// What may be asked of a service beside us: the methods, and the paths that stay where they begin.

export const UPSTREAM_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type UpstreamMethod = (typeof UPSTREAM_METHODS)[number];

/** By HTTP's own promise (RFC 9110, 9.2.1) these change nothing. */
export function onlyReads(method: UpstreamMethod): boolean {
  return method === 'GET' || method === 'HEAD';
}

export const UPSTREAM_PATH_LENGTH_MAX = 4_000;

/** RFC 3986: what a path and a query may hold, the at sign only in the query. */
const PATH = /^\/[\w\-.~!$&'()*+,;=:%/]*$/;
const QUERY = /^[\w\-.~!$&'()*+,;=:%/?@[\]{}|"<>^`]*$/;

interface PathRule {
  readonly problem: string;
  readonly breaks: (path: string, query: string) => boolean;
}

/** In the order in which they are told. */
const PATH_RULES: readonly PathRule[] = [
  { problem: 'must begin with one /', breaks: (path) => !/^\/(?![/\\])/.test(path) },
  {
    problem: 'must hold only what a path may hold; encode the rest as %XX',
    breaks: (path) => !PATH.test(path),
  },
  {
    problem: 'must have a query that holds only what one may hold; encode the rest as %XX',
    breaks: (_path, query) => !QUERY.test(query),
  },
  {
    problem: 'must encode % as %25',
    breaks: (path, query) => /%(?![\dA-Fa-f]{2})/.test(path + query),
  },
  {
    problem: 'must not leave its place by . or .. or an empty part, be it encoded',
    breaks: (path) => readings(path).some(leavesItsPlace),
  },
  {
    problem: 'must not hold an encoded slash, backslash, at sign or control character',
    breaks: (path) => readings(path).some((text) => HIDDEN.test(text) || hidesSlash(path, text)),
  },
];

const HIDDEN = /[\\@\p{Cc}]/u;

/** Why a path is not asked of an upstream; `undefined` for one that stays below its base. */
export function upstreamPathProblem(text: string): string | undefined {
  if (text.length > UPSTREAM_PATH_LENGTH_MAX) {
    return `must have at most ${UPSTREAM_PATH_LENGTH_MAX} characters`;
  }
  const [path = '', ...rest] = text.split('?');
  return PATH_RULES.find(({ breaks }) => breaks(path, rest.join('?')))?.problem;
}

/** The path as it stands, and as each further decoding on its way may read it. */
function readings(path: string): readonly string[] {
  const decoded = path.replace(/%([\dA-Fa-f]{2})/g, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return decoded === path ? [path] : [path, ...readings(decoded)];
}

function leavesItsPlace(text: string): boolean {
  const parts = text.slice(1).split('/');
  return parts.slice(0, -1).includes('') || parts.some((part) => /^\.\.?(;.*)?$/.test(part));
}

function hidesSlash(path: string, reading: string): boolean {
  return reading.split('/').length !== path.split('/').length;
}
