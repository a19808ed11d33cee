// GET /oracle/faults of services that remember their strikes in memory.
import { requireToken } from './auth.js';
import type { HttpService } from './http-server.js';
import { STRUCK_FAULTS_SUMMARY, struckFaultsAnswer, struckFaultsQuery } from './oracle-wire.js';
import type { StrikeMemory } from './strike-memory.js';
import type { Tokens } from './tokens.js';

export function addStrikeRoutes(
  service: HttpService,
  { strikes, tokens }: { readonly strikes: StrikeMemory; readonly tokens: Tokens },
): void {
  service.get(
    '/oracle/faults',
    {
      onRequest: requireToken('oracle', tokens),
      schema: {
        summary: STRUCK_FAULTS_SUMMARY,
        security: [{ bearer: [] }],
        querystring: struckFaultsQuery,
        response: { 200: struckFaultsAnswer },
      },
    },
    async ({ query }) => ({ faults: [...strikes.list(query)] }),
  );
}
