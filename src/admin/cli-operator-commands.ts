// The commands of the command line by which operators say and order.
import { type Command, command, type Option, PAGE } from './cli-command.js';
import { OPERATIONS } from './operations.js';
import { renderAttention, renderCycles } from './render-attention.js';
import { renderActions, renderEnded, renderWindow, renderWindows } from './render-operators.js';
import { renderScoreboard } from './render-scoreboard.js';
import { scoreboardOfView } from './views/scoreboard-view.js';

const ALL: Option = { flags: '--all', meaning: 'every path' };
const REASON: Option = { flags: '--reason <text>', meaning: 'why; kept and shown with it' };
const UNTIL: readonly Option[] = [
  { flags: '--for <duration>', meaning: 'how long, such as 30m, 8h or 2d; at most 30d' },
  { flags: '--until <time>', meaning: 'or until when, such as 2026-11-23T18:30:00Z' },
];

export const OPERATOR_COMMANDS: readonly Command[] = [
  command(OPERATIONS.pause, {
    usage: 'pause [path]',
    positionals: ['path'],
    options: [ALL, REASON, ...UNTIL],
    text: (window) => `paused: ${renderWindow(window)}`,
  }),
  command(OPERATIONS.resume, {
    usage: 'resume [path]',
    positionals: ['path'],
    options: [ALL],
    text: ({ resumed }) => resumed.map((one) => `resumed: ${renderEnded(one)}`).join('\n'),
  }),
  command(OPERATIONS.pauses, {
    usage: 'pauses',
    text: ({ pauses }, paint) => renderWindows(pauses, 'nothing is paused', paint),
  }),
  command(OPERATIONS.maintenance, {
    usage: 'maintenance',
    text: ({ windows }, paint) => renderWindows(windows, 'no maintenance, now or to come', paint),
  }),
  command(OPERATIONS.maintenanceAdd, {
    usage: 'maintenance add [path]',
    positionals: ['path'],
    options: [
      ALL,
      REASON,
      { flags: '--from <time>', meaning: 'from when (default: now)' },
      ...UNTIL,
    ],
    text: (window) => `in maintenance: ${renderWindow(window)}`,
  }),
  command(OPERATIONS.maintenanceEnd, {
    usage: 'maintenance end <window>',
    positionals: ['window'],
    text: (window) => `ended: ${renderEnded(window)}`,
  }),
  command(OPERATIONS.acknowledge, {
    usage: 'acknowledge [test-id]',
    positionals: ['testId'],
    options: [{ flags: '--path <path>', meaning: 'every open failure of this path' }, REASON],
    text: ({ acknowledged, by }) => `${acknowledged} acknowledged by ${by}`,
  }),
  command(OPERATIONS.attention, {
    usage: 'attention',
    text: renderAttention,
    exit: ({ attention }) => (attention.length === 0 ? 'ok' : 'failed'),
  }),
  command(OPERATIONS.cycles, { usage: 'cycles', options: PAGE, text: renderCycles }),
  command(OPERATIONS.cycleRead, {
    usage: 'cycles show <cycle-id>',
    positionals: ['cycleId'],
    text: ({ cycleId, scoreboard }, paint) =>
      scoreboard === undefined
        ? `cycle ${cycleId} is not closed`
        : renderScoreboard(scoreboardOfView(scoreboard), paint),
  }),
  command(OPERATIONS.retentionRun, {
    usage: 'retention run',
    text: ({ cycles, results }) => `${results} results and ${cycles} cycles deleted`,
  }),
  command(OPERATIONS.actions, {
    usage: 'actions',
    options: [
      { flags: '--actor <name>', meaning: 'only of this actor' },
      { flags: '--operation <name>', meaning: 'only of this operation, such as pause' },
      ...PAGE,
    ],
    text: renderActions,
  }),
];
