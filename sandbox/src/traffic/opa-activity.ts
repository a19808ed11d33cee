// Questions to OPA, as services of the platform ask them; only where OPA is switched on.
import { type Activity, done, nothingToDo } from './activity.js';
import { pickOne } from './pick.js';

const QUESTIONS = [
  { policy: 'governance.propose', input: { duration_ms: 60_000 } },
  { policy: 'governance.propose', input: { duration_ms: 30 * 24 * 60 * 60 * 1000 } },
  { policy: 'governance.vote', input: {} },
  { policy: 'agents.enrol', input: { voting_weight: 1 } },
  { policy: 'agents.revoke', input: {} },
] as const;

export const askOpa: Activity = async (site) => {
  const question = pickOne(site.random, QUESTIONS);
  const agentId = pickOne(site.random, site.users);
  if (question === undefined || agentId === undefined) return nothingToDo('opa_check');
  const body = { policy: question.policy, input: { ...question.input, agent_id: agentId } };
  const token = site.doors.tokens.agent(agentId);
  const answer = await site.doors.post(site.registryId, '/api/v1/opa/decisions', token, body);
  return done('opa_check', answer);
};
