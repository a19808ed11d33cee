// The four http_* metric families that every service of the platform exposes.
import { Counter, Histogram, type Registry } from 'prom-client';
import type { HttpService } from './http-server.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BYTES = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/** Observes every answered request under its route pattern, never under its address. */
export function observeHttp(service: HttpService, registry: Registry): void {
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Answered requests',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const duration = histogram('http_request_duration_seconds', 'Time to answer', SECONDS, registry);
  const requestSize = histogram('http_request_size_bytes', 'Request bodies', BYTES, registry);
  const responseSize = histogram('http_response_size_bytes', 'Answer bodies', BYTES, registry);
  service.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'unmatched' };
    requests.inc({ ...labels, status: String(reply.statusCode) });
    duration.observe(labels, reply.elapsedTime / 1000);
    requestSize.observe(labels, Number(request.headers['content-length'] ?? 0));
    responseSize.observe(labels, Number(reply.getHeader('content-length') ?? 0));
  });
}

function histogram(name: string, help: string, buckets: number[], registry: Registry) {
  return new Histogram({
    name,
    help,
    buckets,
    labelNames: ['method', 'route'],
    registers: [registry],
  });
}
