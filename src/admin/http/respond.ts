// How answers leave: a value as JSON, anything else as a problem.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_CONTENT_TYPE, type Problem, problemDetails } from './problem.js';

/** When to ask again what could not be answered now, seconds. */
const RETRY_AFTER_SECONDS = 5;

export function sendProblem(
  request: Pick<FastifyRequest, 'id'>,
  reply: FastifyReply,
  problem: Problem,
): FastifyReply {
  const details = problemDetails(problem, request.id);
  if (problem.kind === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  if (problem.kind === 'unreachable' || problem.kind === 'in-progress') {
    reply.header('retry-after', String(RETRY_AFTER_SECONDS));
  }
  return reply
    .code(details.status)
    .header('x-request-id', request.id)
    .header('content-type', PROBLEM_CONTENT_TYPE)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(details));
}

/** Aborted when the caller has gone away: nobody waits then, and what was started goes on. */
export function abandonedWith(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
