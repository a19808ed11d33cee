// The commands of the command line that fire, read and check.
import { type Command, command, type Option, PAGE, streamCommand } from './cli-command.js';
import { MCP_COMMAND } from './cli-mcp-command.js';
import { OPERATOR_COMMANDS } from './cli-operator-commands.js';
import { UPSTREAM_COMMANDS } from './cli-upstream-commands.js';
import type { ExitName } from './exit-codes.js';
import { exportByHand, exportInput } from './export-results.js';
import { withJunit } from './junit-report.js';
import { OPERATIONS } from './operations.js';
import {
  renderAcknowledged,
  renderAudit,
  renderAudits,
  renderVerification,
} from './render-audit.js';
import { renderAuditor } from './render-auditor.js';
import { renderBoard } from './render-board.js';
import { renderConfig, renderConfigCheck } from './render-config.js';
import { renderDoctor, renderPaths, renderResults } from './render-lists.js';
import { renderPublicStatus } from './render-public-status.js';
import { renderScoreboard } from './render-scoreboard.js';
import { renderStatus } from './render-status.js';
import { renderTest } from './render-test.js';
import { renderTokens } from './render-tokens.js';
import { type ScoreboardView, scoreboardOfView } from './views/scoreboard-view.js';

const WAITING: readonly Option[] = [
  { flags: '--wait', meaning: 'wait for the end, as it does unless told otherwise' },
  { flags: '--no-wait', meaning: 'start it and return at once' },
  { flags: '--timeout <duration>', meaning: 'wait at most this long, such as 60s or 10m' },
];

const RESULT_FILTERS: readonly Option[] = [
  { flags: '--path <path>', meaning: 'only of this path' },
  { flags: '--backend <backend>', meaning: 'only of this backend: intra, async or 2pc' },
  { flags: '--outcome <outcome>', meaning: 'only of this outcome, such as failed' },
  { flags: '--clean <true|false>', meaning: 'only those that nothing spoils, or only the others' },
  { flags: '--since <time>', meaning: 'only decided then or later: 2026-11-23T18:30:00Z' },
  { flags: '--until <time>', meaning: 'only decided before' },
];

export const COMMANDS: readonly Command[] = [
  withJunit(
    command(OPERATIONS.cycle, {
      usage: 'cycle',
      options: WAITING,
      text: ({ cycleId, scoreboard, workflowId }, paint) =>
        scoreboard === undefined
          ? started(cycleId, workflowId)
          : renderScoreboard(scoreboardOfView(scoreboard), paint),
      exit: ({ scoreboard }) => cleanOrFailed(scoreboard),
    }),
  ),
  withJunit(
    command(OPERATIONS.fire, {
      usage: 'fire [path]',
      positionals: ['path'],
      options: [
        { flags: '--sender <agent>', meaning: 'instead of a path id: who pays' },
        { flags: '--receiver <agent>', meaning: 'instead of a path id: who is paid' },
        { flags: '--backend <backend>', meaning: 'instead of a path id: intra, async or 2pc' },
        { flags: '--force', meaning: 'fire it though it is paused' },
        ...WAITING,
      ],
      text: ({ cycleId, scoreboard, test, workflowId }, paint) => {
        if (test !== undefined) return renderTest(test, paint);
        if (scoreboard === undefined) return started(cycleId, workflowId);
        return renderScoreboard(scoreboardOfView(scoreboard), paint);
      },
      exit: ({ scoreboard }) => cleanOrFailed(scoreboard),
    }),
  ),
  command(OPERATIONS.status, {
    usage: 'status',
    text: renderStatus,
    exit: ({ red }) => {
      if (red.some(({ what }) => what === 'store')) return 'unreachable';
      return red.length === 0 ? 'ok' : 'failed';
    },
  }),
  command(OPERATIONS.publicStatus, {
    usage: 'status public',
    options: [{ flags: '--window <window>', meaning: 'over 24h (default), 7d or 30d' }],
    text: renderPublicStatus,
  }),
  command(OPERATIONS.board, { usage: 'board', text: renderBoard }),
  command(OPERATIONS.paths, {
    usage: 'paths',
    options: [{ flags: '--last <n>', meaning: 'how many results of each path (default 20)' }],
    text: renderPaths,
  }),
  command(OPERATIONS.results, {
    usage: 'results',
    options: [...RESULT_FILTERS, ...PAGE],
    text: renderResults,
  }),
  streamCommand({
    usage: 'results export',
    input: exportInput,
    summary: 'write every result that matches, as NDJSON or CSV',
    options: [
      ...RESULT_FILTERS,
      { flags: '--format <format>', meaning: 'ndjson (default) or csv' },
      { flags: '--out <file>', meaning: 'into this file instead of standard output' },
    ],
    open: (deps, input, { signal }) => exportByHand(deps, input, signal),
  }),
  command(OPERATIONS.result, {
    usage: 'result <test-id>',
    positionals: ['testId'],
    text: renderTest,
  }),
  command(OPERATIONS.explain, {
    usage: 'explain <test-id>',
    positionals: ['testId'],
    text: ({ explanation, next }) => [...explanation, ...next].join('\n'),
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
  command(OPERATIONS.auditor, { usage: 'audit status', text: renderAuditor }),
  command(OPERATIONS.auditVerify, {
    usage: 'audit verify',
    text: renderVerification,
    exit: ({ holds }) => (holds ? 'ok' : 'failed'),
  }),
  command(OPERATIONS.auditHistory, {
    usage: 'audit history',
    options: [
      { flags: '--outcome <outcome>', meaning: 'only ok, violated or unknown ones' },
      { flags: '--below <number>', meaning: 'only certificates below this number' },
      ...PAGE,
    ],
    text: renderAudits,
  }),
  command(OPERATIONS.auditRead, {
    usage: 'audit show <number>',
    positionals: ['number'],
    text: (certificate, paint) => renderAudit({ certificate }, paint),
  }),
  command(OPERATIONS.auditAcknowledge, {
    usage: 'audit acknowledge [finding]',
    positionals: ['finding'],
    options: [
      { flags: '--all', meaning: 'every finding that waits for an explanation' },
      { flags: '--reason <text>', meaning: 'what explains it; kept with the finding' },
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
    positionals: ['name'],
    options: [
      { flags: '--role <role>', meaning: 'read (default), operate or admin' },
      { flags: '--expires <duration>', meaning: 'how long it lives (default 720h)' },
    ],
    text: ({ token }) => token,
  }),
  command(OPERATIONS.tokenRevoke, {
    usage: 'token revoke <id>',
    positionals: ['id'],
    text: ({ id, name, revokedAt }) => `token ${id} of ${name} ended at ${revokedAt}`,
  }),
  command(OPERATIONS.configCheck, { usage: 'config check', text: renderConfigCheck }),
  command(OPERATIONS.configShow, { usage: 'config show', text: renderConfig }),
  MCP_COMMAND,
  ...OPERATOR_COMMANDS,
  ...UPSTREAM_COMMANDS,
];

function started(cycleId: string, workflowId: string): string {
  return `cycle ${cycleId} started (Temporal workflow ${workflowId})`;
}

function cleanOrFailed(scoreboard: ScoreboardView | undefined): ExitName {
  const { clean, judged } = scoreboard ?? { clean: true, judged: true };
  return clean || !judged ? 'ok' : 'failed';
}
