// Federation peers, OPA in shadow mode, and a registry whose PostgreSQL goes away.
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, inject, test } from 'vitest';
import { eventually } from '../service/test-platform.js';
import {
  createRegistryClient,
  createRegistryPlatform,
  type RegistryClient,
  type RegistryPlatform,
} from './registry-platform.js';

let platform: RegistryPlatform;

afterEach(async () => {
  await platform?.remove();
});

interface PeersAnswer {
  readonly body: { readonly peers: readonly { registry: string; status: string }[] };
}

async function statuses(client: RegistryClient): Promise<Readonly<Record<string, string>>> {
  const { body } = (await client.get('/api/v1/federation/peers')) as unknown as PeersAnswer;
  return Object.fromEntries(body.peers.map((peer) => [peer.registry, peer.status]));
}

test('peers of both frames are up while they answer, and down when they do not', async () => {
  platform = await createRegistryPlatform();
  const { first, second, far } = platform.ids;
  await platform.startRegistry(second);
  await platform.startRegistry(far);
  await platform.startRegistry(first);
  const client = createRegistryClient(platform.topology, first);
  const become = (expected: object) =>
    eventually(async () =>
      JSON.stringify(await statuses(client)) === JSON.stringify(expected) ? true : undefined,
    );
  await become({ [second]: 'up', [far]: 'up' });
  expect(await client.get('/api/v1/federation/peers')).toMatchObject({
    body: { peers: [{ last_seen_at: expect.any(String), latency_ms: expect.any(Number) }, {}] },
  });
  const farClient = createRegistryClient(platform.topology, far);
  await farClient.post('/control/faults', platform.tokens.control, { kind: 'unavailable' });
  await become({ [second]: 'up', [far]: 'down' });
  await farClient.remove('/control/faults', platform.tokens.control);
  await become({ [second]: 'up', [far]: 'up' });
});

test('OPA decides beside the registry, and both decisions are counted', async () => {
  platform = await createRegistryPlatform({ opaEnabled: true });
  const { first } = platform.ids;
  await platform.startTeg();
  await platform.startRegistry(first);
  const client = createRegistryClient(platform.topology, first);
  const count = (policy: string, decision: string, source: string) =>
    client.metric(
      `opa_decisions_total{policy="${policy}",decision="${decision}",source="${source}"}`,
    );
  expect(await count('governance.vote', 'deny', 'shadow')).toBe(0);

  // The registry lets an agent without a say propose; the policy would not.
  const canary = `${first}:canary-1`;
  const body = { proposer: canary, title: 'Hear me' };
  const token = platform.tokens.agent(canary);
  expect(await client.post('/api/v1/governance/proposals', token, body)).toMatchObject({
    status: 201,
  });
  expect(await count('governance.propose', 'allow', 'enforced')).toBe(1);
  expect(await count('governance.propose', 'deny', 'shadow')).toBe(1);
  expect(await count('governance.propose', 'deny', 'enforced')).toBe(0);

  const question = { policy: 'agents.revoke', input: { agent_id: canary } };
  expect(await client.post('/api/v1/opa/decisions', undefined, question)).toMatchObject({
    status: 200,
    body: { policy: 'agents.revoke', decision: 'deny', source: 'shadow' },
  });
  expect(await count('agents.revoke', 'deny', 'shadow')).toBe(1);
  expect(await client.metric('opa_decision_latency_seconds_count{policy="agents.revoke"}')).toBe(1);
});

test('while PostgreSQL is away it says so, has no invented numbers, and then goes on', async () => {
  const gate = await openGate(new URL(inject('postgresUrl')));
  platform = await createRegistryPlatform({ postgresUrl: gate.url });
  const { first } = platform.ids;
  await platform.startRegistry(first);
  const client = createRegistryClient(platform.topology, first);
  expect(await client.metric('ironhand_enrolled_agents')).toBe(4);
  await gate.shut();
  expect(await client.get('/api/v1/disputes')).toMatchObject({
    status: 503,
    body: { error: { code: 'unavailable' } },
  });
  expect(await client.get('/healthz')).toMatchObject({ status: 200 });
  expect(await client.metric('ironhand_enrolled_agents')).toBeUndefined();
  await gate.open();
  await eventually(async () => {
    const answer = await client.get('/api/v1/disputes');
    return answer.kind === 'answer' && answer.status === 200 ? true : undefined;
  });
  expect(await client.metric('ironhand_enrolled_agents')).toBe(4);
  await platform.remove();
  await gate.shut();
});

/** A door before PostgreSQL that can be shut: a real server that is really not to be reached. */
async function openGate(target: URL) {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  const open = async () => {
    const opened = createServer((socket) => {
      const onward = createConnection(Number(target.port || 5432), target.hostname);
      for (const end of [socket, onward]) {
        sockets.add(end);
        end.on('error', () => undefined).on('close', () => sockets.delete(end));
      }
      socket.pipe(onward).pipe(socket);
    });
    await new Promise<void>((resolve) => opened.listen(port, '127.0.0.1', resolve));
    const address = opened.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
    server = opened;
  };
  await open();
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.toString(),
    open,
    shut: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server?.close(resolve));
    },
  };
}
