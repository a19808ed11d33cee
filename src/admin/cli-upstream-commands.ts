// The commands of the command line that ask the services beside the reactor.
import { type Command, command, type Option } from './cli-command.js';
import type { ExitName } from './exit-codes.js';
import type { UpstreamAnswerView } from './operations/upstream-answer.js';
import { OPERATIONS } from './operations.js';
import { renderQuery, renderUpstream } from './render-upstream.js';

const METHOD: Option = {
  flags: '--method <method>',
  meaning: 'GET (default), HEAD, POST, PUT, PATCH or DELETE',
};

export const UPSTREAM_COMMANDS: readonly Command[] = [
  command(OPERATIONS.promQuery, {
    usage: 'prometheus <query>',
    positionals: ['query'],
    options: [
      { flags: '--start <time>', meaning: 'where a range begins; without it: at this moment' },
      { flags: '--end <time>', meaning: 'where the range ends' },
      { flags: '--step <duration>', meaning: 'between two points of the range, such as 15s' },
    ],
    text: renderQuery,
  }),
  command(OPERATIONS.grafana, {
    usage: 'grafana <address>',
    positionals: ['path'],
    options: [METHOD],
    text: renderUpstream,
    exit: exitOf,
  }),
  command(OPERATIONS.request, {
    usage: 'request <target> <address>',
    positionals: ['target', 'path'],
    options: [METHOD, { flags: '--body <json>', meaning: 'an object, sent as JSON' }],
    text: renderUpstream,
    exit: exitOf,
  }),
];

function exitOf({ status }: UpstreamAnswerView): ExitName {
  return status < 400 ? 'ok' : 'failed';
}
