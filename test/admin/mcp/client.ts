// An MCP client of the protocol's own library, over either transport, against a world of a test.
import {
  type CallToolResult,
  Client,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { createFace, type Face, type FaceOptions } from '../http/face.js';

export interface Session {
  readonly client: Client;
  close(): Promise<void>;
}

export interface ServedFace extends Face {
  readonly url: string;
  session(token?: string): Promise<Session>;
}

/** A face that listens, so that a real client reaches it. */
export async function serveFace(options: FaceOptions = {}): Promise<ServedFace> {
  const face = await createFace({
    ...options,
    settings: { hosts: ['127.0.0.1'], ...options.settings },
  });
  const url = await face.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    ...face,
    url,
    async session(token) {
      const client = new Client({ name: 'a test', version: '1' });
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
        requestInit: { headers },
      });
      await client.connect(transport);
      return { client, close: () => client.close() };
    },
  };
}

/** What a tool answered as text, its parts one below the other. */
export function textOf({ content }: Pick<CallToolResult, 'content'>): string {
  return content.map((part) => (part.type === 'text' ? part.text : part.type)).join('\n');
}
