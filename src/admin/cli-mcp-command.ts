// The command that serves the MCP face over standard input and output.
import { z } from 'zod';
import { ROLES } from '../domain/role.js';
import { done } from './answer.js';
import { type Command, streamCommand } from './cli-command.js';
import { messageOf, refusalOf } from './operation.js';
import { ownVersion } from './own-version.js';

const input = z.strictObject({ role: z.enum(ROLES).default('read') });

/** Who runs it may do everything; what they let a model do is less, unless they say more. */
export const MCP_COMMAND: Command = streamCommand({
  usage: 'mcp',
  input,
  summary: 'serve the MCP tools over standard input and output until the input ends',
  options: [
    { flags: '--role <role>', meaning: 'what the client may: read (default), operate or admin' },
  ],
  async open(deps, given, { actor, onProgress, signal }) {
    const parsed = input.safeParse(given);
    if (!parsed.success) return refusalOf(parsed.error, given);
    // Its library takes long to load, so that only this command loads it.
    const { serveLines } = await import('./mcp/stdio.js');
    const text = serveLines(
      process.stdin,
      {
        deps,
        actor: { ...actor, face: 'mcp', role: parsed.data.role },
        version: ownVersion(),
        onDefect: (error, tool) => onProgress(`${tool} failed: ${messageOf(error)}`),
      },
      signal,
    );
    return done({ text, file: undefined });
  },
});
