// The TEGs over HTTP: transfers through the doors of user traffic, balances, fees and clocks.
import { formatAmount, parseAmount } from '../domain/amount.js';
import type { AgentId, FrameId, Topology } from '../domain/frame.js';
import type { Clock, Float, TransferGateway, TransferRequest } from '../ports.js';
import { measureClockOffset } from './clock-offset.js';
import { ask } from './platform-http.js';
import { baseUrl, type ReadRequest, readJson } from './platform-read.js';
import { PlatformUnavailableError } from './platform-unavailable-error.js';
import { attemptOf, balanceSchema, healthSchema, infoSchema } from './teg-wire.js';

export interface TegDependencies {
  readonly clock: Clock;
  readonly topology: Topology;
  /** Base URL of each frame's TEG. */
  readonly tegUrls: Readonly<Record<FrameId, string>>;
  /** Bearer tokens of the canary agents. */
  readonly agentTokens: ReadonlyMap<AgentId, string>;
  /** One transfer attempt, its answer included. */
  readonly attemptTimeoutMs: number;
  /** One reading call, or one probe of a clock. */
  readonly readTimeoutMs: number;
  readonly clockProbes: number;
}

const TOKEN_PATTERN = /^[\x21-\x7e]+$/;

/** The gateway to every frame's TEG. Throws for a token that no header takes, naming its agent. */
export function createTegTransfers(deps: TegDependencies): TransferGateway {
  for (const [agent, token] of deps.agentTokens) {
    if (!TOKEN_PATTERN.test(token)) throw new Error(`the token of agent ${agent} is not usable`);
  }
  return {
    attempt: (request) => attempt(deps, request),
    balance: (agent) => balance(deps, agent),
    async clockOffset(frame) {
      const bounds = { probes: deps.clockProbes, budgetMs: deps.readTimeoutMs };
      return measureClockOffset(deps.clock, () => readClock(deps, frame), bounds);
    },
    async feeBasisPoints(frame) {
      const info = await readJson(readRequest(deps, frame, '/teg/info'), infoSchema);
      return info.fee.basis_points;
    },
  };
}

async function attempt(deps: TegDependencies, request: TransferRequest) {
  const { path } = request;
  const token = deps.agentTokens.get(path.sender);
  if (token === undefined) throw new Error(`agent ${path.sender} has no token`);
  const answer = await ask({
    method: 'POST',
    url: urlOf(deps, path.senderFrame) + doorOf(request),
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': request.idempotencyKey,
    },
    body: JSON.stringify({
      sender: path.sender,
      receiver: path.receiver,
      amount: formatAmount(request.amountBaseUnits),
      memo: request.memo,
    }),
    timeoutMs: deps.attemptTimeoutMs,
  });
  // Whatever a platform echoes ends up in rows, histories and logs, so the token is cut out of it.
  const withoutToken = (text: string) => text.replaceAll(token, '<token>');
  if (answer.kind === 'unanswered') {
    return { kind: 'unanswered', message: withoutToken(answer.message) } as const;
  }
  return attemptOf(answer.status, withoutToken(answer.text));
}

function doorOf({ path }: TransferRequest): string {
  return path.backend === 'intra'
    ? '/teg/transfer'
    : `/teg/cross-registry-transfer?backend=${path.backend}`;
}

async function balance(deps: TegDependencies, agent: AgentId): Promise<Float> {
  const frame = frameOf(deps.topology, agent);
  const request = readRequest(deps, frame, `/teg/agents/${encodeURIComponent(agent)}/balance`);
  const { available, held, status } = await readJson(request, balanceSchema);
  const availableBaseUnits = parseAmount(available);
  const heldBaseUnits = parseAmount(held);
  if (availableBaseUnits === undefined || heldBaseUnits === undefined) {
    const why = `the balance ${available}, held ${held}, is no amount`;
    throw new PlatformUnavailableError(frame, request.url, why);
  }
  return { availableBaseUnits, heldBaseUnits, status };
}

/** A probe that was not answered measures nothing; why is of no use to anybody. */
async function readClock(deps: TegDependencies, frame: FrameId): Promise<number | undefined> {
  try {
    const { now } = await readJson(readRequest(deps, frame, '/healthz'), healthSchema);
    return Date.parse(now);
  } catch (error) {
    if (error instanceof PlatformUnavailableError) return undefined;
    throw error;
  }
}

function readRequest(deps: TegDependencies, frame: FrameId, door: string): ReadRequest {
  return { frame, url: urlOf(deps, frame) + door, timeoutMs: deps.readTimeoutMs };
}

function urlOf(deps: TegDependencies, frame: FrameId): string {
  const url = deps.tegUrls[frame];
  if (url === undefined) throw new Error(`frame ${frame} has no TEG`);
  return baseUrl(url);
}

/** An agent's frame follows from the registry in its id (platform contract, Ids). */
function frameOf(topology: Topology, agent: AgentId): FrameId {
  const registry = agent.slice(0, agent.indexOf(':'));
  const frame = topology.frames.find((one) => one.registries.some(({ id }) => id === registry));
  if (frame === undefined) throw new Error(`agent ${agent} belongs to no configured registry`);
  return frame.id;
}
