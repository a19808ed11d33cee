// Leaks, once: in ledgers of TEGs, in logs of EventStores, and what the oracles say of them.
import { z } from 'zod';
import { AMOUNT_PATTERN } from '../money.js';
import type { LeakKind, LogLeakKind } from '../names.js';
import { type LeakRecord, leaksAnswer } from '../service/leak-wire.js';
import { frameOfAgent } from '../topology.js';
import { CliError } from './exit-codes.js';
import { frameId } from './fault-request.js';
import { askAll, type CommandContext, demand, refuseAway, show } from './platform-calls.js';
import { faultyServices, type ListedService } from './service-list.js';

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

const PATH = '/control/leaks';

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
  const lines: string[] = [];
  for (const part of partsOf(context, request, options)) {
    const teg = tegOfAccount(context, part.account, options);
    const call = { method: 'POST', path: PATH, body: part } as const;
    await demand(teg, { ...call, token: context.tokens.control });
    const { kind, account, to, amount } = part;
    lines.push(
      `${teg.name}: ${kind} ${amount} AVT, ${to === undefined ? account : `${account} to ${to}`}`,
    );
  }
  show(context, request, { ...options, lines });
}

/** Over two frames an offset is what it amounts to: tokens made here and unmade there. */
function partsOf(
  context: CommandContext,
  request: LeakRequest,
  options: Placed,
): readonly LeakRequest[] {
  const { kind, account, to, amount } = request;
  if (kind !== 'offset' || to === undefined || options.frame !== undefined) return [request];
  const frames = [account, to].map((agent) => frameOfAgent(context.topology, agent)?.id);
  if (frames[0] === frames[1]) return [request];
  return [
    { kind: 'create', account, amount },
    { kind: 'destroy', account: to, amount },
  ];
}

const tampered = z.object({ sequence: z.int() });

/** Erases or forges an event that is stored in a frame's log. */
export async function leakInLog(
  context: CommandContext,
  kind: LogLeakKind,
  frame: string,
  options: { readonly sequence?: string; readonly json?: boolean },
): Promise<void> {
  const id = frameId('frame', frame, context.topology);
  const store = serviceOf(context, 'event-store', id);
  const answer = await demand(store, {
    ...{ method: 'POST', path: PATH, token: context.tokens.control },
    body: {
      kind,
      ...(options.sequence !== undefined && { sequence: sequenceOf(options.sequence) }),
    },
  });
  const { sequence } = tampered.parse(answer);
  show(context, answer, { ...options, lines: [`${store.name}: ${kind} the event ${sequence}`] });
}

/** Every leak that the oracles know of, service by service. */
export async function listLeaks(context: CommandContext, options: Placed): Promise<void> {
  const services = faultyServices(context.topology).filter(
    ({ service, frame }) =>
      service !== 'registry' && (options.frame === undefined || frame === options.frame),
  );
  const { done, away } = await askAll(services, async (service) =>
    (await leaksOf(context, service)).map((one) => ({ service: service.name, ...one })),
  );
  const leaks = done.flat();
  const lines = leaks.map(({ service, kind, amount, accounts, first_position: at }) =>
    [service.padEnd(16), kind.padEnd(24), `after ${at}`, amount ?? '', accounts.join(' ')].join(
      '  ',
    ),
  );
  show(context, { leaks }, { ...options, lines });
  refuseAway(away);
}

const PAGE = 1000;

async function leaksOf(
  context: CommandContext,
  service: ListedService,
): Promise<readonly LeakRecord[]> {
  const leaks: LeakRecord[] = [];
  for (let after = 0; ; ) {
    const path = `/oracle/leaks?limit=${PAGE}&after=${after}`;
    const answer = await demand(service, { path, token: context.tokens.oracle });
    const page = leaksAnswer.parse(answer).leaks;
    leaks.push(...page);
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return leaks;
    after = last.leak_id;
  }
}

function sequenceOf(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new CliError('usage', `--sequence "${text}": expected a whole number from 1 on`);
}

/** An agent's frame follows from its id; `treasury/A` and the like need to be told. */
function tegOfAccount(context: CommandContext, account: string, options: Placed): ListedService {
  const { topology } = context;
  const frame =
    options.frame === undefined
      ? frameOfAgent(topology, account)?.id
      : frameId('--frame', options.frame, topology);
  if (frame !== undefined) return serviceOf(context, 'teg', frame);
  throw new CliError('usage', `account "${account}": is no agent of the topology; name --frame`);
}

function serviceOf(
  context: CommandContext,
  service: 'teg' | 'event-store',
  frame: string,
): ListedService {
  const found = faultyServices(context.topology).find(
    (candidate) => candidate.service === service && candidate.frame === frame,
  );
  if (found !== undefined) return found;
  throw new CliError('config', `the topology has no ${service} in frame "${frame}"`);
}
