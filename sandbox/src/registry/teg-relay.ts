// Carries enrolment commands to the TEG until it has answered each, however long it is away.
import { sleep } from '../service/back-off.js';
import type { Clock } from '../service/clock.js';
import type { Logger } from '../service/logger.js';
import type { EnrolmentAction } from './enrolment.js';
import { callJson, errorTextOf, type JsonAnswer } from './json-call.js';
import { startPeriodicTask } from './periodic-task.js';
import type { RegistryDatabase } from './registry-database.js';
import {
  completeCommand,
  dueCommands,
  parkCommand,
  postponeCommand,
  type TegCommand,
} from './teg-command-store.js';

export interface TegRelay {
  /** Looks for due commands at once; resolves after that look or when the time is over. */
  carryNow(timeoutMs: number): Promise<void>;
  stop(): Promise<void>;
}

export interface TegRelayDeps {
  readonly database: RegistryDatabase;
  readonly tegUrl: string;
  readonly adminToken: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const LOOK_INTERVAL_MS = 250;
const CALL_TIMEOUT_MS = 3_000;
const COMMANDS_PER_LOOK = 20;

/** Starts looking at once. A command is tried again for ever, at most 5 s apart. */
export function startTegRelay(deps: TegRelayDeps): TegRelay {
  const waiters = new Set<() => void>();
  const task = startPeriodicTask({
    name: 'teg-relay',
    intervalMs: LOOK_INTERVAL_MS,
    logger: deps.logger,
    run: async () => {
      // Who asks during this look is served by the next: its command may have come too late.
      const served = [...waiters];
      waiters.clear();
      await carryDue(deps).finally(() => {
        for (const answer of served) answer();
      });
    },
  });
  return {
    carryNow: async (timeoutMs) => {
      const done = new AbortController();
      waiters.add(() => done.abort());
      task.wake();
      await sleep(timeoutMs, done.signal);
    },
    stop: task.stop,
  };
}

/** What an answer of the TEG means for the command. */
export type CommandFate = 'done' | 'retry' | 'refused';

/** Only a clear no parks a command; anything that may pass by itself is tried again. */
export function fateOf(answer: JsonAnswer): CommandFate {
  if (answer.kind === 'no_answer') return 'retry';
  if (answer.status >= 200 && answer.status < 300) return 'done';
  if (answer.status >= 500 || RETRY_STATUSES.has(answer.status)) return 'retry';
  return 'refused';
}

/** The wait before the next attempt: 100 ms doubling up to 5 s. */
export function retryDelayMs(attempts: number): number {
  return Math.min(100 * 2 ** Math.min(attempts, 10), 5_000);
}

const RETRY_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);

const COMMAND_PATHS: Readonly<Record<EnrolmentAction, (agentId: string) => string>> = {
  enrol: () => '/teg/agents',
  revoke: (agentId) => `/teg/agents/${encodeURIComponent(agentId)}/revoke`,
  restore: (agentId) => `/teg/agents/${encodeURIComponent(agentId)}/restore`,
};

async function carryDue(deps: TegRelayDeps): Promise<void> {
  const at = new Date(deps.clock.nowMs());
  const commands = await dueCommands(deps.database, at, COMMANDS_PER_LOOK);
  await Promise.all(commands.map((command) => carry(deps, command)));
}

async function carry(deps: TegRelayDeps, command: TegCommand): Promise<void> {
  const answer = await callTeg(deps, command);
  const fate = fateOf(answer);
  const nowMs = deps.clock.nowMs();
  if (fate === 'done') return await completeCommand(deps.database, command, new Date(nowMs));
  const error = errorTextOf(answer);
  const { agentId, action } = command;
  deps.logger.warn({ agentId, action, error, fate }, 'the TEG has not taken a command');
  if (fate === 'refused') {
    return await parkCommand(deps.database, command, { error, at: new Date(nowMs) });
  }
  const retryAt = new Date(nowMs + retryDelayMs(command.attempts));
  await postponeCommand(deps.database, command, { error, retryAt });
}

async function callTeg(deps: TegRelayDeps, command: TegCommand): Promise<JsonAnswer> {
  const { action, agentId, tokenSha256 } = command;
  return await callJson({
    method: 'POST',
    url: deps.tegUrl + COMMAND_PATHS[action](agentId),
    token: deps.adminToken,
    timeoutMs: CALL_TIMEOUT_MS,
    ...(action === 'enrol' && {
      body: { agent_id: agentId, class: 'agent', token_sha256: tokenSha256 },
    }),
  });
}
