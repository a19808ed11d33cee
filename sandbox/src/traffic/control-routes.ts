// Changing the traffic's rates while it runs, with the control token.
import { z } from 'zod';
import { requireToken } from '../service/auth.js';
import type { HttpService } from '../service/http-service.js';
import type { Tokens } from '../service/tokens.js';
import type { Pacer } from './pacer.js';

const perSecond = (max: number) => z.number().min(0).max(max);

const ratesBody = z.strictObject({
  transfers_per_second: perSecond(10_000).optional(),
  registry_actions_per_second: perSecond(1_000).optional(),
  economy_actions_per_second: perSecond(1_000).optional(),
});

const ratesAnswer = z.object({
  transfers_per_second: z.number(),
  registry_actions_per_second: z.number(),
  economy_actions_per_second: z.number(),
});

const security = [{ bearer: [] }];

export interface TrafficPacers {
  readonly transfers: Pick<Pacer, 'rate' | 'setRate'>;
  readonly registryActions: Pick<Pacer, 'rate' | 'setRate'>;
  readonly economyActions: Pick<Pacer, 'rate' | 'setRate'>;
}

/** GET and POST /control/traffic; what a POST does not name stays as it is. */
export function addControlRoutes(
  service: HttpService,
  tokens: Tokens,
  pacers: TrafficPacers,
): void {
  const preHandler = requireToken('control', tokens);
  const response = { 200: ratesAnswer };
  const rates = () => ({
    transfers_per_second: pacers.transfers.rate(),
    registry_actions_per_second: pacers.registryActions.rate(),
    economy_actions_per_second: pacers.economyActions.rate(),
  });
  const reading = { summary: 'The rates', security, response };
  service.get('/control/traffic', { preHandler, schema: reading }, async () => rates());
  service.post(
    '/control/traffic',
    { preHandler, schema: { summary: 'Change rates', security, body: ratesBody, response } },
    async ({ body }) => {
      const wanted = [
        [pacers.transfers, body.transfers_per_second],
        [pacers.registryActions, body.registry_actions_per_second],
        [pacers.economyActions, body.economy_actions_per_second],
      ] as const;
      for (const [pacer, rate] of wanted) if (rate !== undefined) pacer.setRate(rate);
      return rates();
    },
  );
}
