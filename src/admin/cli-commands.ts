// The commands of the command line: each shows one operation, says how, and what its exit code is.
import type { z } from 'zod';
import type { AdminDependencies } from './admin-dependencies.js';
import type { Answer } from './answer.js';
import type { ExitName } from './exit-codes.js';
import { type Context, invoke, type Operation } from './operation.js';
import { OPERATIONS } from './operations.js';
import type { Paint } from './paint.js';
import {
  renderAcknowledged,
  renderAudit,
  renderAudits,
  renderVerification,
} from './render-audit.js';
import { renderConfigCheck, renderDoctor, renderPaths, renderResults } from './render-lists.js';
import { renderScoreboard } from './render-scoreboard.js';
import { renderStatus } from './render-status.js';
import { renderTest } from './render-test.js';
import { renderTokens } from './render-tokens.js';
import { type ScoreboardView, scoreboardOfView } from './views/scoreboard-view.js';

/** An answered value and how to show it. */
export interface Shown {
  readonly value: unknown;
  readonly text: (paint: Paint) => string;
  readonly exit: ExitName;
}

export interface Command {
  /** Words, then the positional argument: `config check`, `fire [path]`. */
  readonly usage: string;
  readonly summary: string;
  /** The input field that the positional argument fills. */
  readonly positional: string | undefined;
  readonly options: readonly Option[];
  readonly answer: (
    deps: AdminDependencies,
    input: unknown,
    context: Context,
  ) => Promise<Answer<Shown>>;
}

/** Its long name is the input field that it fills. */
export interface Option {
  readonly flags: string;
  readonly meaning: string;
}

const WAITING: readonly Option[] = [
  { flags: '--no-wait', meaning: 'start it and return at once' },
  { flags: '--timeout <duration>', meaning: 'wait at most this long, such as 60s or 10m' },
];

export const COMMANDS: readonly Command[] = [
  command(OPERATIONS.cycle, {
    usage: 'cycle',
    options: WAITING,
    text: ({ cycleId, scoreboard, workflowId }, paint) =>
      scoreboard === undefined
        ? started(cycleId, workflowId)
        : renderScoreboard(scoreboardOfView(scoreboard), paint),
    exit: ({ scoreboard }) => cleanOrFailed(scoreboard),
  }),
  command(OPERATIONS.fire, {
    usage: 'fire [path]',
    positional: 'path',
    options: [
      { flags: '--sender <agent>', meaning: 'instead of a path id: who pays' },
      { flags: '--receiver <agent>', meaning: 'instead of a path id: who is paid' },
      { flags: '--backend <backend>', meaning: 'instead of a path id: intra, async or 2pc' },
      ...WAITING,
    ],
    text: ({ cycleId, scoreboard, test, workflowId }, paint) => {
      if (test !== undefined) return renderTest(test, paint);
      if (scoreboard === undefined) return started(cycleId, workflowId);
      return renderScoreboard(scoreboardOfView(scoreboard), paint);
    },
    exit: ({ scoreboard }) => cleanOrFailed(scoreboard),
  }),
  command(OPERATIONS.status, {
    usage: 'status',
    text: renderStatus,
    exit: ({ red }) => {
      if (red.some(({ what }) => what === 'store')) return 'unreachable';
      return red.length === 0 ? 'ok' : 'failed';
    },
  }),
  command(OPERATIONS.paths, {
    usage: 'paths',
    options: [{ flags: '--last <n>', meaning: 'how many results of each path (default 20)' }],
    text: renderPaths,
  }),
  command(OPERATIONS.results, {
    usage: 'results',
    options: [
      { flags: '--path <path>', meaning: 'only of this path' },
      { flags: '--backend <backend>', meaning: 'only of this backend: intra, async or 2pc' },
      { flags: '--outcome <outcome>', meaning: 'only of this outcome, such as failed' },
      { flags: '--limit <n>', meaning: 'how many, 1 to 500 (default 20)' },
      { flags: '--cursor <cursor>', meaning: 'the page after this one' },
    ],
    text: renderResults,
  }),
  command(OPERATIONS.result, {
    usage: 'result <test-id>',
    positional: 'testId',
    text: renderTest,
  }),
  command(OPERATIONS.audit, {
    usage: 'audit',
    options: [
      { flags: '--full', meaning: 'fold from the first event besides: both must agree' },
      { flags: '--timeout <duration>', meaning: 'wait at most this long, such as 60s or 10m' },
    ],
    text: renderAudit,
    exit: ({ certificate: { outcome }, full }) => {
      if (full?.agrees === false || outcome === 'violated') return 'failed';
      return outcome === 'unknown' ? 'unknown' : 'ok';
    },
  }),
  command(OPERATIONS.auditVerify, {
    usage: 'audit verify',
    text: renderVerification,
    exit: ({ holds }) => (holds ? 'ok' : 'failed'),
  }),
  command(OPERATIONS.auditHistory, {
    usage: 'audit history',
    options: [
      { flags: '--limit <n>', meaning: 'how many, 1 to 500 (default 20)' },
      { flags: '--outcome <outcome>', meaning: 'only ok, violated or unknown ones' },
      { flags: '--below <number>', meaning: 'only certificates below this number' },
    ],
    text: renderAudits,
  }),
  command(OPERATIONS.auditAcknowledge, {
    usage: 'audit acknowledge [finding]',
    positional: 'finding',
    options: [
      { flags: '--all', meaning: 'every finding that waits for an explanation' },
      { flags: '--reason <text>', meaning: 'what explains it; kept with the finding' },
      { flags: '--by <name>', meaning: 'who says so (default: the user of the system)' },
    ],
    text: renderAcknowledged,
  }),
  command(OPERATIONS.doctor, {
    usage: 'doctor',
    text: renderDoctor,
    exit: ({ checks, ok }) => {
      if (checks.some(({ state }) => state === 'unreachable')) return 'unreachable';
      return ok ? 'ok' : 'failed';
    },
  }),
  command(OPERATIONS.tokens, { usage: 'token', text: renderTokens }),
  command(OPERATIONS.tokenCreate, {
    usage: 'token create <name>',
    positional: 'name',
    options: [
      { flags: '--role <role>', meaning: 'read (default), operate or admin' },
      { flags: '--expires <duration>', meaning: 'how long it lives (default 720h)' },
    ],
    text: ({ token }) => token,
  }),
  command(OPERATIONS.tokenRevoke, {
    usage: 'token revoke <id>',
    positional: 'id',
    text: ({ id, name, revokedAt }) => `token ${id} of ${name} ended at ${revokedAt}`,
  }),
  command(OPERATIONS.configCheck, { usage: 'config check', text: renderConfigCheck }),
  command(OPERATIONS.configShow, {
    usage: 'config show',
    text: (config) => JSON.stringify(config, null, 2),
  }),
];

function command<I extends z.ZodType, O extends z.ZodType>(
  operation: Operation<I, O>,
  row: {
    readonly usage: string;
    readonly positional?: string;
    readonly options?: readonly Option[];
    readonly text: (value: z.output<O>, paint: Paint) => string;
    readonly exit?: (value: z.output<O>) => ExitName;
  },
): Command {
  return {
    usage: row.usage,
    summary: operation.summary,
    positional: row.positional,
    options: row.options ?? [],
    async answer(deps, input, context) {
      const answer = await invoke(operation, deps, input, context);
      if (answer.kind !== 'done') return answer;
      const { value } = answer;
      const exit = row.exit?.(value) ?? 'ok';
      return { kind: 'done', value: { value, text: (paint) => row.text(value, paint), exit } };
    },
  };
}

function started(cycleId: string, workflowId: string): string {
  return `cycle ${cycleId} started (Temporal workflow ${workflowId})`;
}

function cleanOrFailed(scoreboard: ScoreboardView | undefined): ExitName {
  return scoreboard === undefined || scoreboard.clean ? 'ok' : 'failed';
}
