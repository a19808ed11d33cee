// Staking over HTTP: stake and unstake with the agent's own token, and what is staked.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formatAmount, parseAmount } from '../../money.js';
import { bearerToken } from '../../service/auth.js';
import { timeText } from '../../service/clock.js';
import type { HttpService } from '../../service/http-service.js';
import { frameOf } from '../../topology.js';
import { stakeAccount } from '../account-ids.js';
import { readAgent } from '../accounts.js';
import { requireAgentToken } from '../agent-token.js';
import { unknownAgent } from '../payer.js';
import { refusal } from '../refusals.js';
import { readStake, readStakesOf, readStakingTotals } from '../stake-reads.js';
import { type Stake, votingPowerOf } from '../stake-rules.js';
import { stake, unstake } from '../staking.js';
import {
  stakeAnswer,
  stakeBody,
  stakingAnswer,
  unstakeBody,
  votingPowerAnswer,
  votingPowerQuery,
} from '../staking-wire.js';
import type { TegCore } from '../teg-core.js';

const security = [{ bearer: [] }];

export function addStakingRoutes(service: HttpService, core: TegCore): void {
  addChangeRoutes(service, core);
  addReadRoutes(service, core);
}

function addChangeRoutes(service: HttpService, core: TegCore): void {
  const onRequest = async (request: FastifyRequest) => void bearerToken(request);
  const response = { 201: stakeAnswer };
  const answer = async (reply: FastifyReply, account: string, change: Promise<Stake>) =>
    reply.code(201).send(answerOf(core, account, await change));
  service.post(
    '/teg/stake',
    {
      onRequest,
      schema: { summary: 'Stakes tokens, locked for a while', security, body: stakeBody, response },
    },
    async (request, reply) => {
      const { account, amount, lock_ms: lockMs } = request.body;
      await requireAgentToken(core, account, bearerToken(request));
      const order = { account, amount: unitsOf(amount), lockMs };
      return answer(
        reply,
        account,
        stake(core, order).then(({ result }) => result),
      );
    },
  );
  service.post(
    '/teg/unstake',
    {
      onRequest,
      schema: { summary: 'Takes back what is unlocked', security, body: unstakeBody, response },
    },
    async (request, reply) => {
      const { account, amount } = request.body;
      await requireAgentToken(core, account, bearerToken(request));
      const order = { account, amount: unitsOf(amount) };
      return answer(
        reply,
        account,
        unstake(core, order).then(({ result }) => result),
      );
    },
  );
}

function addReadRoutes(service: HttpService, core: TegCore): void {
  const { maxLockMs } = core.topology.staking;
  service.get(
    '/teg/stakes/:agent_id',
    {
      schema: {
        summary: 'What an agent has staked',
        params: z.object({ agent_id: z.string() }),
        response: { 200: stakeAnswer },
      },
    },
    async ({ params: { agent_id: id } }) => {
      if ((await readAgent(core.pool, id)) === undefined) throw unknownAgent(id);
      return answerOf(core, id, await readStake(core.pool, id));
    },
  );
  service.get(
    '/teg/staking',
    { schema: { summary: 'What the frame has staked', response: { 200: stakingAnswer } } },
    async () => {
      const nowMs = core.clock.nowMs();
      const totals = await readStakingTotals(core.pool, nowMs, maxLockMs);
      return {
        frame: core.frame,
        total_value_locked: formatAmount(totals.totalValueLocked),
        stakers: totals.stakers,
        voting_power: formatAmount(totals.votingPower),
        max_lock_ms: maxLockMs,
        at: timeText(nowMs),
      };
    },
  );
  service.get(
    '/teg/voting-power',
    {
      schema: {
        summary: 'The veToken of a registry, agent by agent',
        querystring: votingPowerQuery,
        response: { 200: votingPowerAnswer },
      },
    },
    async ({ query: { registry } }) => {
      if (!frameOf(core.topology, core.frame).registries.includes(registry)) {
        throw refusal('wrong_topology', `"${registry}" is no registry of frame ${core.frame}`);
      }
      const nowMs = core.clock.nowMs();
      const stakes = await readStakesOf(core.pool, registry);
      return {
        registry,
        at: timeText(nowMs),
        voting_power: stakes.map((one) => ({
          agent_id: one.agentId,
          voting_power: formatAmount(votingPowerOf(one, nowMs, maxLockMs)),
        })),
      };
    },
  );
}

function unitsOf(text: string): bigint {
  const parsed = parseAmount(text);
  if (parsed.ok) return parsed.baseUnits;
  throw refusal('malformed_amount', parsed.message);
}

function answerOf(core: TegCore, account: string, of: Stake): z.output<typeof stakeAnswer> {
  const nowMs = core.clock.nowMs();
  return {
    account,
    stake_account: stakeAccount(core.frame, account),
    staked: formatAmount(of.staked),
    unlock_at: of.unlockAtMs === 0 ? null : timeText(of.unlockAtMs),
    voting_power: formatAmount(votingPowerOf(of, nowMs, core.topology.staking.maxLockMs)),
    at: timeText(nowMs),
  };
}
