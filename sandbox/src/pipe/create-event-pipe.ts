// Chooses the pipe's adapter by configuration.
import type { ServiceContext } from '../service/context.js';
import { createDirectPipe, type DirectPipe } from './direct-pipe.js';
import type { EventPipe } from './event-pipe.js';
import { createKafkaPipe } from './kafka-pipe.js';

/** The pipe that the topology names; says in the log which one it is. */
export function createEventPipe(context: ServiceContext): EventPipe | DirectPipe {
  const { pipe, kafkaBrokers } = context.topology;
  if (pipe === 'kafka') {
    context.logger.info({ pipe, brokers: kafkaBrokers }, 'events travel over Kafka');
    return createKafkaPipe(context);
  }
  context.logger.info({ pipe }, 'no Kafka: events travel from the outbox over HTTP');
  return createDirectPipe(context);
}
