// fault add, list, remove and clear: at every service that the fault concerns.
import { z } from 'zod';
import { CliError } from './exit-codes.js';
import { type FaultOptions, readFaultRequest } from './fault-request.js';
import { ask, askAll, type CommandContext, demand, refuseAway, show } from './platform-calls.js';
import { faultyServices, type ListedService } from './service-list.js';

interface JsonOption {
  readonly json?: boolean;
}

const PATH = '/control/faults';

const faultAnswer = z.looseObject({ id: z.string(), kind: z.string(), hits: z.number() });
const faultList = z.object({ faults: z.array(faultAnswer) });

type Fault = z.output<typeof faultAnswer>;

interface PlacedFault {
  readonly service: string;
  readonly fault: Fault;
}

/** All of the services or none: where one says no, what the others took is taken back. */
export async function addFault(
  context: CommandContext,
  kind: string,
  options: FaultOptions & JsonOption,
): Promise<void> {
  const { body, targets } = readFaultRequest(kind, options, context.topology);
  const placed: (PlacedFault & { readonly target: ListedService })[] = [];
  const token = context.tokens.control;
  try {
    for (const target of targets) {
      const answer = await demand(target, { method: 'POST', path: PATH, token, body });
      placed.push({ target, service: target.name, fault: faultAnswer.parse(answer) });
    }
  } catch (error) {
    for (const { target, fault } of placed) {
      await ask(target, { method: 'DELETE', path: `${PATH}/${fault.id}`, token });
    }
    throw error;
  }
  showFaults(
    context,
    placed.map(({ service, fault }) => ({ service, fault })),
    options,
  );
}

/** Every active fault. Services that do not answer are named, and the exit code says so. */
export async function listFaults(context: CommandContext, options: JsonOption): Promise<void> {
  const { done, away } = await askAll(faultyServices(context.topology), async (service) => {
    const answer = await demand(service, { path: PATH, token: context.tokens.control });
    const { faults } = faultList.parse(answer);
    return faults.map((fault) => ({ service: service.name, fault }));
  });
  showFaults(context, done.flat(), options);
  refuseAway(away);
}

/** Removes a fault by its id, wherever it is. Throws `refused` when nobody has it. */
export async function removeFault(context: CommandContext, id: string): Promise<void> {
  const call = {
    method: 'DELETE',
    path: `${PATH}/${encodeURIComponent(id)}`,
    token: context.tokens.control,
  } as const;
  const { done, away } = await askAll(
    faultyServices(context.topology),
    async (service) => await ask(service, call),
  );
  if (done.some(({ status }) => status === 204)) return;
  refuseAway(away);
  throw new CliError('refused', `no active fault "${id}"`);
}

/** Removes every fault of every service. */
export async function clearFaults(context: CommandContext): Promise<void> {
  const call = { method: 'DELETE', path: PATH, token: context.tokens.control } as const;
  const { away } = await askAll(
    faultyServices(context.topology),
    async (service) => await demand(service, call),
  );
  refuseAway(away);
}

function showFaults(
  context: CommandContext,
  placed: readonly PlacedFault[],
  options: JsonOption,
): void {
  const faults = placed.map(({ service, fault }) => ({ service, ...fault }));
  const lines = placed.map(({ service, fault: { id, kind, ...rest } }) => {
    const fields = Object.entries(rest).map(([name, value]) => `${name}=${textOf(value)}`);
    return [service.padEnd(16), id, kind, ...fields].join('  ');
  });
  show(context, { faults }, { ...options, lines });
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
