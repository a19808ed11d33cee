// A2A tokens over HTTP: the offer, the steps of issuer and holder, and what there is.
import type { FastifyRequest } from 'fastify';
import { formatAmount, parseAmount } from '../../money.js';
import { bearerToken } from '../../service/auth.js';
import { timeText } from '../../service/clock.js';
import type { HttpService } from '../../service/http-service.js';
import { countTokens, listTokens, readToken } from '../a2a-rows.js';
import { A2A_RULES, A2A_STEPS } from '../a2a-rules.js';
import { offerToken, stepToken, unknownToken } from '../a2a-tokens.js';
import {
  a2aSummaryAnswer,
  offerBody,
  tokenAnswer,
  tokenAnswerOf,
  tokenParams,
  tokensAnswer,
  tokensQuery,
} from '../a2a-wire.js';
import { requireAgentToken } from '../agent-token.js';
import { refusal } from '../refusals.js';
import type { TegCore } from '../teg-core.js';

const security = [{ bearer: [] }];
const PATH = '/teg/a2a-tokens';

export function addA2aRoutes(service: HttpService, core: TegCore): void {
  const onRequest = async (request: FastifyRequest) => void bearerToken(request);
  addOfferRoute(service, core, onRequest);
  for (const step of A2A_STEPS) {
    const { by } = A2A_RULES[step];
    if (by === 'clock') continue;
    service.post(
      `${PATH}/:token_id/${step}`,
      {
        onRequest,
        schema: {
          summary: `${step}, by the ${by}`,
          ...{ security, params: tokenParams, response: { 200: tokenAnswer } },
        },
      },
      async (request) => {
        const { token_id: tokenId } = request.params;
        const token = await readToken(core.pool, tokenId);
        if (token === undefined) throw unknownToken(tokenId);
        await requireAgentToken(core, token[by], bearerToken(request));
        return tokenAnswerOf(await stepToken(core, tokenId, step));
      },
    );
  }
  addReadRoutes(service, core);
}

function addOfferRoute(
  service: HttpService,
  core: TegCore,
  onRequest: (request: FastifyRequest) => Promise<void>,
): void {
  service.post(
    PATH,
    {
      onRequest,
      schema: {
        ...{ summary: 'Offers a token, its AVT in escrow', security, body: offerBody },
        response: {
          200: tokenAnswer.describe('offered before: the token as it stands now'),
          201: tokenAnswer,
        },
      },
    },
    async (request, reply) => {
      const { token_id: tokenId, issuer, holder, lifetime_ms: lifetimeMs } = request.body;
      await requireAgentToken(core, issuer, bearerToken(request));
      if (issuer === holder) throw refusal('malformed_request', `"${issuer}" is issuer and holder`);
      const parsed = parseAmount(request.body.amount);
      if (!parsed.ok) throw refusal('malformed_amount', parsed.message);
      const amount = parsed.baseUnits;
      const offer = { tokenId, issuer, holder, amount, lifetimeMs };
      const { token, isNew } = await offerToken(core, offer);
      return reply.code(isNew ? 201 : 200).send(tokenAnswerOf(token));
    },
  );
}

function addReadRoutes(service: HttpService, core: TegCore): void {
  service.get(
    PATH,
    {
      schema: {
        ...{ summary: 'A2A tokens, newest first', querystring: tokensQuery },
        response: { 200: tokensAnswer },
      },
    },
    async ({ query: { agent, ...filter } }) => ({
      tokens: (await listTokens(core.pool, { ...filter, agent: agent ?? null })).map(tokenAnswerOf),
    }),
  );
  service.get(
    `${PATH}/:token_id`,
    { schema: { summary: 'An A2A token', params: tokenParams, response: { 200: tokenAnswer } } },
    async ({ params: { token_id: tokenId } }) => {
      const token = await readToken(core.pool, tokenId);
      if (token === undefined) throw unknownToken(tokenId);
      return tokenAnswerOf(token);
    },
  );
  service.get(
    `${PATH}/summary`,
    { schema: { summary: 'A2A tokens by state', response: { 200: a2aSummaryAnswer } } },
    async () => {
      const counts = await countTokens(core.pool);
      const live = counts.filter(({ state }) => state === 'offered' || state === 'accepted');
      return {
        frame: core.frame,
        states: counts.map((count) => ({ ...count, amount: formatAmount(count.amount) })),
        escrowed: formatAmount(live.reduce((sum, { amount }) => sum + amount, 0n)),
        at: timeText(core.clock.nowMs()),
      };
    },
  );
}
