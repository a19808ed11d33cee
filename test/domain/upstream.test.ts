// Which paths may be asked of an upstream, and why the others may not.
import { describe, expect, test } from 'vitest';
import {
  onlyReads,
  UPSTREAM_METHODS,
  UPSTREAM_PATH_LENGTH_MAX,
  upstreamPathProblem,
} from '../../src/domain/upstream.js';

describe('a path that stays where it begins', () => {
  test.each([
    '/',
    '/api/search?query=x&tag=a',
    '/api/dashboards/uid/system-overview',
    '/api/v1/query?query=up%7Bjob%3D%22a%22%7D%20%40%20start()',
    '/api/v1/query?query=up@1&x=../..',
    '/a/b..c/...d/',
    '/a%20b/%C3%A9',
    '/a?next=//evil.example',
  ])('%s', (path) => {
    expect(upstreamPathProblem(path)).toBeUndefined();
  });
});

describe('a path that does not', () => {
  test.each<readonly [string, string, RegExp]>([
    ['nothing', '', /begin with one/],
    ['an absolute URL', 'http://evil.example/', /begin with one/],
    ['another host', '//evil.example/x', /begin with one/],
    ['another host by a backslash', '/\\evil.example', /begin with one/],
    ['a user before the host', '@evil.example/', /begin with one/],
    ['an at sign', '/x@evil.example', /only what a path may hold/],
    ['an at sign, encoded', '/x%40evil.example', /encoded slash/],
    ['the place above', '/a/../../b', /leave its place/],
    ['the place above at the end', '/a/..', /leave its place/],
    ['the same place', '/./a', /leave its place/],
    ['dots, encoded', '/%2e%2E/a', /leave its place/],
    ['dots, half encoded', '/.%2e/a', /leave its place/],
    ['dots, encoded twice', '/%252e%252e/a', /leave its place/],
    ['dots with a parameter', '/..;a=b/c', /leave its place/],
    ['dots behind an encoded slash', '/a%2f..%2fb', /leave its place/],
    ['an encoded slash', '/a%2Fb', /encoded slash/],
    ['a slash, encoded twice', '/a%252fb', /encoded slash/],
    ['an empty part', '/a//b', /leave its place/],
    ['a backslash', '/a\\b', /only what a path may hold/],
    ['a backslash, encoded', '/a%5cb', /encoded slash/],
    ['a line feed', '/a\r\nhost: evil', /only what a path may hold/],
    ['a line feed, encoded', '/a%0d%0ahost:x', /encoded slash/],
    ['a line feed in the query', '/a?b\r\nc: d', /query/],
    ['a fragment', '/a#b', /only what a path may hold/],
    ['a blank', '/a b', /only what a path may hold/],
    ['a null', '/a%00', /encoded slash/],
    ['a percent sign alone', '/a%', /%25/],
    ['a percent sign alone in the query', '/a?b=50%', /%25/],
    ['another script', '/ä', /only what a path may hold/],
    ['too long a one', `/${'a'.repeat(UPSTREAM_PATH_LENGTH_MAX)}`, /at most/],
  ])('%s: %j', (_what, path, problem) => {
    expect(upstreamPathProblem(path)).toMatch(problem);
  });
});

test('only GET and HEAD read', () => {
  expect(UPSTREAM_METHODS.filter(onlyReads)).toEqual(['GET', 'HEAD']);
});
