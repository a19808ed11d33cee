// SPIRE's entries over HTTP: look at them, change them behind the registry's back, reconcile.
import { z } from 'zod';
import { requireToken } from '../service/auth.js';
import { timeText } from '../service/clock.js';
import { HttpError } from '../service/http-error.js';
import type { HttpService } from '../service/http-service.js';
import { readCensus } from './agent-store.js';
import { nowOf, type RegistryCore } from './registry-core.js';
import { addEntry, listEntries, reconcile, removeEntry } from './spire-store.js';

const entryAnswer = z.object({
  agent_id: z.string(),
  spiffe_id: z.string(),
  created_at: z.string(),
});

const entriesAnswer = z.object({
  entries: z.array(entryAnswer),
  orphans: z.array(z.string()).describe('Entries without an enrolled agent'),
  missing: z.array(z.string()).describe('Enrolled agents without an entry'),
});

const reconciliationAnswer = z.object({
  created: z.array(z.string()),
  removed: z.array(z.string()),
  retried: z.array(z.string()),
});

const security = [{ bearer: [] }];

const entryBody = z.strictObject({ agent_id: z.string().min(1).max(100) });
const entryParams = z.object({ agent_id: z.string().max(100) });

/** An operator's doors: adding and removing entries changes no enrolment. */
export function addSpireRoutes(service: HttpService, core: RegistryCore): void {
  const preHandler = requireToken('admin', core.tokens);
  service.get(
    '/api/v1/spire/entries',
    { schema: { summary: 'Entries beside enrolments', response: { 200: entriesAnswer } } },
    async () => await readEntries(core),
  );
  service.post(
    '/api/v1/spire/entries',
    {
      preHandler,
      schema: {
        ...{ summary: 'Add an entry, whoever is enrolled', security, body: entryBody },
        response: { 201: z.object({}) },
      },
    },
    async (request, reply) => {
      const agentId = request.body.agent_id;
      if (await addEntry(core.database, agentId, nowOf(core))) return reply.code(201).send({});
      throw new HttpError(409, 'already_exists', `"${agentId}" has an entry already`);
    },
  );
  service.delete(
    '/api/v1/spire/entries/:agent_id',
    {
      preHandler,
      schema: {
        ...{ summary: 'Remove an entry, whoever is enrolled', security, params: entryParams },
        response: { 204: z.null().describe('removed') },
      },
    },
    async (request, reply) => {
      const agentId = request.params.agent_id;
      if (await removeEntry(core.database, agentId)) return reply.code(204).send(null);
      throw new HttpError(404, 'unknown_agent', `"${agentId}" has no entry`);
    },
  );
  service.post(
    '/api/v1/spire/reconcile',
    {
      preHandler,
      schema: {
        ...{ summary: 'Make the entries follow the enrolments again', security },
        response: { 200: reconciliationAnswer },
      },
    },
    async () => {
      const { created, removed, retried } = await reconcile(core.database, nowOf(core));
      return { created: [...created], removed: [...removed], retried: [...retried] };
    },
  );
}

async function readEntries(core: RegistryCore): Promise<z.input<typeof entriesAnswer>> {
  const [entries, census] = await Promise.all([
    listEntries(core.database),
    readCensus(core.database),
  ]);
  return {
    entries: entries.map((entry) => ({
      agent_id: entry.agentId,
      spiffe_id: entry.spiffeId,
      created_at: timeText(entry.createdAt.getTime()),
    })),
    orphans: [...census.orphans],
    missing: [...census.missing],
  };
}
