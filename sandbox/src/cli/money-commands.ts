// The release of stranded transfers, and the oracles.
import { errorTextOf } from '../registry/json-call.js';
import { CliError } from './exit-codes.js';
import { frameId } from './fault-request.js';
import { ask, askAll, type CommandContext, demand, refuseAway, show } from './platform-calls.js';
import { type ListedService, listServices } from './service-list.js';

interface Placed {
  readonly frame?: string;
  readonly json?: boolean;
}

/** Lets go of two-phase transfers that the fault `never_credit` has left in doubt. */
export async function release(context: CommandContext, options: Placed): Promise<void> {
  const frame = options.frame && frameId('--frame', options.frame, context.topology);
  const tegs = tegsOf(context).filter((teg) => frame === undefined || teg.frame === frame);
  const call = { method: 'POST', path: '/control/release', body: {} } as const;
  const { done, away } = await askAll(tegs, async (teg) => {
    const answer = await demand(teg, { ...call, token: context.tokens.control });
    return [teg.name, answer] as const;
  });
  const lines = done.map(([name, answer]) => `${name}  ${JSON.stringify(answer)}`);
  show(context, Object.fromEntries(done), { ...options, lines });
  refuseAway(away);
}

/** What really happened to a transfer, as each TEG that knows it tells. */
export async function askOracle(context: CommandContext, transferId: string): Promise<void> {
  const path = `/oracle/transfers/${encodeURIComponent(transferId)}`;
  const { done, away } = await askAll(tegsOf(context), async (teg) => {
    const answer = await ask(teg, { path, token: context.tokens.oracle });
    if (answer.status === 404) return [];
    if (answer.status === 200) return [[teg.name, answer.body] as const];
    throw new CliError('refused', `${teg.name}: ${errorTextOf(answer)}`);
  });
  const told = done.flat();
  if (told.length > 0) show(context, Object.fromEntries(told), { json: true, lines: [] });
  refuseAway(away);
  if (told.length === 0) throw new CliError('refused', `no TEG knows "${transferId}"`);
}

/** The business numbers as the oracles of TEGs and registries count them. */
export async function askBusiness(context: CommandContext): Promise<void> {
  const services = listServices(context.topology).filter(
    ({ service }) => service === 'teg' || service === 'registry',
  );
  const call = { path: '/oracle/business', token: context.tokens.oracle } as const;
  const { done, away } = await askAll(services, async (service) => {
    return [service.name, await demand(service, call)] as const;
  });
  show(context, Object.fromEntries(done), { json: true, lines: [] });
  refuseAway(away);
}

function tegsOf({ topology }: CommandContext): readonly ListedService[] {
  return listServices(topology).filter(({ service }) => service === 'teg');
}
