// The operations that hand a request on to Grafana, or to any configured upstream.
import { z } from 'zod';
import { parseJson } from '../../adapters/platform-http.js';
import { onlyReads } from '../../domain/upstream.js';
import { refused } from '../answer.js';
import { operation } from '../operation.js';
import {
  askUpstream,
  methodInput,
  roleForMethod,
  upstreamAnswerSchema,
  upstreamPathInput,
} from './upstream-answer.js';

const BODY_LENGTH_MAX = 60_000;

export const askGrafana = operation({
  name: 'grafana',
  summary: 'ask Grafana’s HTTP API, such as for a dashboard',
  role: 'read',
  roleFor: roleForMethod,
  subject: ({ method, path }) => `${method} ${path}`,
  secrets: ['body', 'text'],
  input: z.strictObject({ path: upstreamPathInput, method: methodInput }),
  output: upstreamAnswerSchema,
  run: (deps, { method, path }, { signal }) =>
    askUpstream(deps, { target: 'grafana', method, path, body: undefined }, signal),
});

/** A body is kept out of the log of actions: it may hold what nobody else shall know. */
export const requestUpstream = operation({
  name: 'request',
  summary: 'ask any configured registry, Prometheus or Grafana over HTTP',
  role: 'read',
  roleFor: roleForMethod,
  subject: ({ method, path, target }) => `${method} ${target} ${path}`,
  secrets: ['body', 'text'],
  input: z.strictObject({
    target: z.string().max(64).describe('prometheus, grafana, or the id of a registry'),
    path: upstreamPathInput,
    method: methodInput,
    body: z
      .preprocess(
        (given) => (typeof given === 'string' ? (parseJson(given) ?? given) : given),
        z
          .record(z.string(), z.unknown(), 'must be an object, or one as JSON text')
          .refine(
            (body) => JSON.stringify(body).length <= BODY_LENGTH_MAX,
            `must have at most ${BODY_LENGTH_MAX} characters as JSON`,
          )
          .optional(),
      )
      .describe('sent as JSON'),
  }),
  output: upstreamAnswerSchema,
  async run(deps, { body, ...request }, { signal }) {
    if (body !== undefined && onlyReads(request.method)) {
      return refused('body', 'an object', `is not sent with ${request.method}`);
    }
    const text = body === undefined ? undefined : JSON.stringify(body);
    return askUpstream(deps, { ...request, body: text }, signal);
  },
});
