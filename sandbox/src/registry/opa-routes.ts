// Asking OPA for a shadow decision; the route exists only where the topology switches OPA on.
import { z } from 'zod';
import type { HttpService } from '../service/http-service.js';
import { type Opa, policyInput } from './opa.js';
import { DECISION_SOURCES, DECISIONS, POLICY_NAMES } from './policy.js';

const decisionBody = z.strictObject({ policy: z.enum(POLICY_NAMES), input: policyInput });

const decisionAnswer = z.object({
  policy: z.enum(POLICY_NAMES),
  decision: z.enum(DECISIONS),
  source: z.enum(DECISION_SOURCES),
  violated: z.array(z.string()).describe('The conditions that did not hold'),
});

export function addOpaRoutes(service: HttpService, opa: Opa): void {
  service.post(
    '/api/v1/opa/decisions',
    {
      schema: {
        summary: 'A shadow decision, counted and not enforced',
        body: decisionBody,
        response: { 200: decisionAnswer },
      },
    },
    async (request) => {
      const { policy, input } = request.body;
      const { decision, violated } = await opa.shadow(policy, input);
      return { policy, decision, source: 'shadow' as const, violated: [...violated] };
    },
  );
}
