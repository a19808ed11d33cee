// The HTTP face that every service shares: health, metrics, OpenAPI, errors in the contract's
// form, and the control door for faults.
import assert from 'node:assert/strict';
import swagger from '@fastify/swagger';
import type { FastifyError } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
} from 'fastify-type-provider-zod';
import { collectDefaultMetrics, type Registry } from 'prom-client';
import { z } from 'zod';
import { type ErrorCode, SERVICE_NAMES, type ServiceName } from '../names.js';
import { type Clock, timeText } from './clock.js';
import { isDatabaseAway } from './database-away.js';
import { addFaultRoutes } from './fault-routes.js';
import type { FaultEngine } from './faults.js';
import { errorAnswer, errorBody, HttpError, unavailable } from './http-error.js';
import { observeHttp } from './http-metrics.js';
import { createServer, type HttpService } from './http-server.js';
import type { Logger } from './logger.js';
import type { Tokens } from './tokens.js';

export { HttpError, unavailable } from './http-error.js';
export type { HttpService } from './http-server.js';

export interface HttpServiceOptions {
  readonly service: ServiceName;
  readonly frame: string;
  readonly tokens: Tokens;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly faults?: FaultEngine;
  /** What /healthz says beside the contract's fields. */
  readonly health?: () => Readonly<Record<string, unknown>>;
}

/** In-flight requests get this long at close; then their sockets are closed. */
const CLOSE_GRACE_MS = 3_000;

/** A fastify instance with everything that services share; add routes, then `listenOn`. */
export async function createHttpService(options: HttpServiceOptions): Promise<HttpService> {
  const service = createServer(options.logger);
  observeHttp(service, options.registry);
  answerErrors(service);
  boundClose(service);
  describeRoutes(service);
  await service.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: `Sandbox ${options.service} of frame ${options.frame}`, version: '1.0.0' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
  });
  addCommonRoutes(service, options);
  if (options.faults) addFaultRoutes(service, { ...options, faults: options.faults });
  return service;
}

/** Listens and gives the base address. A taken port is named in the error. */
export async function listenOn(service: HttpService, host: string, port: number): Promise<string> {
  try {
    return await service.listen({ host, port });
  } catch (error) {
    throw new Error(`cannot listen on ${host}:${port}`, { cause: error });
  }
}

function addCommonRoutes(service: HttpService, options: HttpServiceOptions): void {
  collectDefaultMetrics({ register: options.registry });
  service.get('/healthz', { schema: HEALTH_SCHEMA }, async () => ({
    status: 'ok' as const,
    service: options.service,
    frame: options.frame,
    now: timeText(options.clock.nowMs()),
    ...options.health?.(),
  }));
  service.get('/metrics', { schema: METRICS_SCHEMA }, async (_request, reply) => {
    const text = await options.registry.metrics();
    return reply.type(options.registry.contentType).send(text);
  });
  service.get('/openapi.json', { schema: OPENAPI_SCHEMA }, async () => ({
    ...service.swagger(),
  }));
}

const HEALTH_SCHEMA = {
  summary: 'Whether the service is there, and its own clock',
  response: {
    200: z.looseObject({
      status: z.literal('ok'),
      service: z.enum(SERVICE_NAMES),
      frame: z.string(),
      now: z.string(),
    }),
  },
};

const METRICS_SCHEMA = {
  summary: 'Prometheus text',
  response: { 200: z.string().describe('text/plain') },
};

const OPENAPI_SCHEMA = {
  summary: 'This document',
  response: { 200: z.record(z.string(), z.unknown()) },
};

/** Gives each route the error answer, and takes none that does not say what it answers. */
function describeRoutes(service: HttpService): void {
  service.addHook('onRoute', (route) => {
    const { summary, response } = route.schema ?? {};
    const name = `route ${String(route.method)} ${route.url}`;
    assert(summary, `${name} has no summary`);
    assert(typeof response === 'object' && response !== null, `${name} describes no answer`);
    route.schema = { ...route.schema, response: { ...response, default: errorAnswer } };
  });
}

/** A request that hangs on purpose must not keep the process from ending. */
function boundClose(service: HttpService): void {
  service.addHook('preClose', async () => {
    setTimeout(() => service.server.closeAllConnections(), CLOSE_GRACE_MS).unref();
  });
}

function answerErrors(service: HttpService): void {
  service.setNotFoundHandler((request, reply) =>
    reply.code(404).send(errorBody('not_found', `no route ${request.method} ${request.url}`)),
  );
  service.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = answerFor(error);
    if (answer.status >= 500) request.log.warn({ err: error, url: request.url }, answer.message);
    return reply
      .code(answer.status)
      .headers(answer.headers)
      .send(errorBody(answer.code, answer.message));
  });
}

function answerFor(error: FastifyError | HttpError): HttpError {
  if (error instanceof HttpError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.map((issue) => {
      const place = issue.instancePath.split('/').filter(Boolean).join('.') || 'request';
      return `${error.validationContext ?? 'request'} ${place}: ${issue.message ?? 'malformed'}`;
    });
    return new HttpError(400, 'malformed_request', fields.join('; '));
  }
  if (isDatabaseAway(error)) return unavailable('the database is away', error);
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500)
    return new HttpError(status, clientCode(status), error.message);
  return new HttpError(500, 'internal', 'internal error', { cause: error });
}

function clientCode(status: number): ErrorCode {
  return status === 413 ? 'payload_too_large' : 'malformed_request';
}
