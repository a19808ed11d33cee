// docs/mcp.md: how a client is given the tools, and the table of them.

import { ANSWER_CHARACTERS_MAX } from '../src/admin/mcp/tool-answer.js';
import { TOOLS } from '../src/admin/mcp/tools.js';

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string;

const HTTP_CLIENT = {
  mcpServers: {
    canary: {
      type: 'http',
      url: 'http://127.0.0.1:9467/mcp',
      headers: { Authorization: 'Bearer <token>' },
    },
  },
};
const STDIO_CLIENT = {
  mcpServers: {
    canary: {
      command: 'npm',
      args: ['--silent', '--prefix', '<directory of the reactor>', 'run', 'canary', '--', 'mcp'],
    },
  },
};

export function mcpBlocks(table: Table): readonly string[] {
  return [
    '# MCP',
    [
      'The operations of the reactor as tools of the Model Context Protocol, for agents.',
      'Built from `src/admin/mcp/tools.ts` over the same table of operations as the HTTP API',
      'and the command line.',
    ].join('\n'),
    '## Over HTTP',
    [
      '`POST /mcp` of the process that serves the page and the API: streamable HTTP without',
      'sessions, under the same tokens, hosts and limits. On loopback it is open unless',
      '`web.authentication` is `required`; `npm run canary -- token create <name> --role',
      'read` makes a token.',
    ].join('\n'),
    fenced(HTTP_CLIENT),
    '## Over standard input and output',
    [
      '`npm run canary -- mcp` serves until its input ends. Without more it offers what',
      'reads; `--role operate` or `--role admin` behind `mcp` allows more. npm’s own lines',
      'must not stand among the messages: hence `--silent`.',
    ].join('\n'),
    fenced(STDIO_CLIENT),
    '## Answers',
    [
      'A value stands in `structuredContent` by the tool’s `outputSchema`, and as text. A',
      'failure is a result with `isError` that says what to do. An answer has at most',
      `${ANSWER_CHARACTERS_MAX} characters: of a longer one the lists end earlier, and the`,
      'text says how to ask for less. A tool that does more than read takes an',
      '`idempotencyKey`: repeated under it within a day, it answers again and does nothing',
      'again. A tool that the caller’s role does not allow is not listed, and refused when it',
      'is called all the same.',
    ].join('\n'),
    '## The proxies',
    [
      'The three `theprotocol_admin` tools reach the services below `upstreams` in the',
      'configuration and the registries of the platform, and nothing else: no other host, no',
      'redirect, no header of the caller. A path begins with one slash; it holds no `.` or',
      '`..`, no backslash, at sign or control character, encoded or not. Every role may read;',
      'all but GET and HEAD needs admin and stands in the log of actions without its body.',
      'What a caller may read is what the token of the upstream may read: give Grafana’s the',
      'role of a viewer. An answer is waited for 20 seconds, 1 MiB of it is read.',
    ].join('\n'),
    '## Tools',
    table(
      ['tool', 'needs', 'reads only', 'destructive', 'idempotent', 'open world', 'what it does'],
      TOOLS.map(({ hints, more, name, operation }) => [
        `\`${name}\``,
        operation.roleFor === undefined ? operation.role : `${operation.role}, to write admin`,
        mark(hints.readOnlyHint),
        mark(hints.destructiveHint),
        mark(hints.idempotentHint),
        mark(hints.openWorldHint),
        `${operation.summary}. ${more}`.trim(),
      ]),
    ),
  ];
}

function mark(hint: boolean): string {
  return hint ? 'yes' : '';
}

function fenced(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}
