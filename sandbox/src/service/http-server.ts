// The bare server type that routes are added to: fastify with zod schemas and our logger.
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';

export type HttpService = ReturnType<typeof createServer>;

const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

export function createServer(logger: FastifyBaseLogger) {
  const server = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
  }).withTypeProvider<ZodTypeProvider>();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  return server;
}
