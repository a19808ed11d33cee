// Federation peers over HTTP, as the prober last saw them.
import { z } from 'zod';
import { timeText } from '../service/clock.js';
import type { HttpService } from '../service/http-service.js';
import { PEER_STATUSES, type Peer } from './peer-prober.js';
import type { RegistryCore } from './registry-core.js';

const peerAnswer = z.object({
  registry: z.string(),
  frame: z.string(),
  url: z.string(),
  status: z.enum(PEER_STATUSES),
  last_seen_at: z.string().nullable(),
  latency_ms: z.number().nullable(),
});

export function addPeerRoutes(service: HttpService, core: RegistryCore): void {
  service.get(
    '/api/v1/federation/peers',
    {
      schema: {
        summary: 'The other registries, as they were last seen',
        response: { 200: z.object({ peers: z.array(peerAnswer) }) },
      },
    },
    async () => ({ peers: core.prober.peers().map(answerOf) }),
  );
}

function answerOf(peer: Peer): z.input<typeof peerAnswer> {
  return {
    registry: peer.registry,
    frame: peer.frame,
    url: peer.url,
    status: peer.status,
    last_seen_at: peer.lastSeenAtMs === null ? null : timeText(peer.lastSeenAtMs),
    latency_ms: peer.latencyMs,
  };
}
