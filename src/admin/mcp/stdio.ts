// The MCP face over standard streams: what it writes is what its caller reads as text.
import { PassThrough, type Readable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createToolServer, type ToolServerOptions } from './tool-server.js';

/** Serves until the input ends or the signal comes; then the text ends. */
export async function* serveLines(
  input: Readable,
  options: ToolServerOptions,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const output = new PassThrough({ encoding: 'utf8' });
  const transport = new StdioServerTransport(input, output);
  const handle = serveStdio(() => createToolServer(options), { transport });
  const end = () => void output.end();
  input.once('close', end);
  input.once('end', end);
  signal.addEventListener('abort', end);
  try {
    for await (const text of output) yield String(text);
  } finally {
    input.off('close', end);
    input.off('end', end);
    signal.removeEventListener('abort', end);
    await handle.close();
  }
}
