// Leaks, the release of stranded transfers, and the oracle: all at TEGs.
import { AMOUNT_PATTERN } from '../money.js';
import type { LeakKind } from '../names.js';
import { errorTextOf } from '../registry/json-call.js';
import { frameOfAgent } from '../topology.js';
import { CliError } from './exit-codes.js';
import { frameId } from './fault-request.js';
import { ask, askAll, type CommandContext, demand, refuseAway, show } from './platform-calls.js';
import { type ListedService, listServices } from './service-list.js';

interface Placed {
  readonly frame?: string;
  readonly json?: boolean;
}

export interface LeakRequest {
  readonly kind: LeakKind;
  readonly account: string;
  readonly to?: string;
  readonly amount: string;
}

/** Makes balances change without an event, at the TEG of the account's frame. */
export async function leak(
  context: CommandContext,
  request: LeakRequest,
  options: Placed,
): Promise<void> {
  if (!AMOUNT_PATTERN.test(request.amount)) {
    const expected = 'expected AVT with at most six places, e.g. 0.5';
    throw new CliError('usage', `amount "${request.amount}": ${expected}`);
  }
  const teg = tegOfAccount(context, request.account, options);
  const call = { method: 'POST', path: '/control/leaks', body: request } as const;
  const answer = await demand(teg, { ...call, token: context.tokens.control });
  const { kind, account, to, amount } = request;
  const place = to === undefined ? account : `${account} to ${to}`;
  show(context, answer, { ...options, lines: [`${teg.name}: ${kind} ${amount} AVT, ${place}`] });
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

function tegsOf({ topology }: CommandContext): readonly ListedService[] {
  return listServices(topology).filter(({ service }) => service === 'teg');
}

/** An agent's frame follows from its id; `treasury/A` and the like need to be told. */
function tegOfAccount(context: CommandContext, account: string, options: Placed): ListedService {
  const { topology } = context;
  const frame =
    options.frame === undefined
      ? frameOfAgent(topology, account)?.id
      : frameId('--frame', options.frame, topology);
  const teg = tegsOf(context).find((candidate) => candidate.frame === frame);
  if (teg !== undefined) return teg;
  throw new CliError('usage', `account "${account}": is no agent of the topology; name --frame`);
}
