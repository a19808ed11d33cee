// What the topology says (tokens, services, the topology itself) and the rate of the traffic.
import { z } from 'zod';
import { canaryAgentIds, registryIds, userAgentIds } from '../topology.js';
import { CliError } from './exit-codes.js';
import { type CommandContext, demand, show } from './platform-calls.js';
import { listServices } from './service-list.js';

interface JsonOption {
  readonly json?: boolean;
}

/** Agent id -> token: the canary agents', with `--users` the users' too, with `--roles` roles'. */
export function showTokens(
  context: CommandContext,
  options: JsonOption & { readonly users?: boolean; readonly roles?: boolean },
): void {
  const { topology, tokens } = context;
  const agents = registryIds(topology).flatMap((registryId) => [
    ...canaryAgentIds(topology, registryId),
    ...(options.users === true ? userAgentIds(topology, registryId) : []),
  ]);
  const { admin, peer, control, oracle } = tokens;
  const entries = [
    ...agents.map((agentId) => [agentId, tokens.agent(agentId)] as const),
    ...Object.entries(options.roles === true ? { admin, peer, control, oracle } : {}),
  ];
  const lines = entries.map(([name, token]) => `${name.padEnd(20)}  ${token}`);
  show(context, Object.fromEntries(entries), { ...options, lines });
}

/** The configuration with every default filled in; secrets stay out. */
export function showTopology(context: CommandContext, options: JsonOption): void {
  const { secretSeed: _secret, ...shown } = context.topology;
  const topology = { ...shown, postgresUrl: withoutPassword(shown.postgresUrl) };
  const lines = Object.entries(topology).map(
    ([name, value]) => `${name.padEnd(16)}  ${JSON.stringify(value)}`,
  );
  show(context, topology, { ...options, lines });
}

function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.password !== '') url.password = '***';
  return url.toString();
}

export function showServices(context: CommandContext, options: JsonOption): void {
  const services = listServices(context.topology);
  const lines = services.map(
    ({ name, url, args }) => `${name.padEnd(16)}  ${url}  node ${args.join(' ')}`,
  );
  show(context, services, { ...options, lines });
}

const ratesAnswer = z.object({ transfers_per_second: z.number() });

/** Changes how many transfers users make; 0 is silence. */
export async function setTrafficRate(
  context: CommandContext,
  rateText: string,
  options: JsonOption,
): Promise<void> {
  const rate = Number(rateText);
  if (!/^\d+(\.\d+)?$/.test(rateText) || rate > 10_000) {
    const expected = 'expected transfers per second, from 0 to 10000';
    throw new CliError('usage', `rate "${rateText}": ${expected}`);
  }
  const [traffic] = listServices(context.topology).filter(({ service }) => service === 'traffic');
  if (traffic === undefined) throw new CliError('config', 'the topology has no traffic');
  const answer = await demand(traffic, {
    ...{ method: 'POST', path: '/control/traffic', body: { transfers_per_second: rate } },
    token: context.tokens.control,
  });
  const { transfers_per_second: perSecond } = ratesAnswer.parse(answer);
  show(context, answer, { ...options, lines: [`${perSecond} transfers per second`] });
}
