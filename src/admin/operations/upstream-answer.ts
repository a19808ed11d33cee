// What the proxy operations have in common: their fields, and the answer of an upstream as JSON.
import { z } from 'zod';
import { parseJson } from '../../adapters/platform-http.js';
import type { Role } from '../../domain/role.js';
import {
  onlyReads,
  UPSTREAM_METHODS,
  type UpstreamMethod,
  upstreamPathProblem,
} from '../../domain/upstream.js';
import type { UpstreamAnswer, UpstreamRequest } from '../../ports.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { type Answer, done, refused } from '../answer.js';

/** Text that is no JSON is shown up to here. */
const TEXT_LENGTH_MAX = 20_000;

export const methodInput = z
  .enum(UPSTREAM_METHODS)
  .default('GET')
  .describe('all but GET and HEAD need the right to admin');

export const upstreamPathInput = z
  .string()
  .superRefine((path, context) => {
    const message = upstreamPathProblem(path);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .describe('from the base of the upstream, with its query: /api/search?query=x');

export const upstreamAnswerSchema = z.strictObject({
  target: z.string(),
  method: z.enum(UPSTREAM_METHODS),
  path: z.string(),
  /** The upstream's own HTTP status. */
  status: z.int(),
  contentType: z.string().optional(),
  /** An answer of JSON. */
  body: z.unknown().optional(),
  /** Any other answer, or the beginning of one that was too long. */
  text: z.string().optional(),
  /** Whether the upstream said more than is shown. */
  truncated: z.boolean(),
});

export type UpstreamAnswerView = z.infer<typeof upstreamAnswerSchema>;

/** Who changes something beside us may do everything. */
export function roleForMethod({ method }: { readonly method: UpstreamMethod }): Role {
  return onlyReads(method) ? 'read' : 'admin';
}

/** Throws `UpstreamUnavailableError`. */
export async function askUpstream(
  { upstreams }: AdminDependencies,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<Answer<UpstreamAnswerView>> {
  const { method, path, target } = request;
  if (!upstreams.targets.includes(target)) {
    return refused('target', target, 'is not a configured upstream', upstreams.targets);
  }
  const answer = await upstreams.send(request, signal);
  const { contentType, status } = answer;
  return done({ target, method, path, status, contentType, ...contentOf(answer) });
}

function contentOf({ isCut, text }: UpstreamAnswer) {
  const body = isCut ? undefined : parseJson(text);
  if (body !== undefined) return { body, truncated: false };
  return {
    text: text.slice(0, TEXT_LENGTH_MAX),
    truncated: isCut || text.length > TEXT_LENGTH_MAX,
  };
}
