// A small HTTP server whose every answer a test decides, and which keeps what it was asked.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface SmallHttpServer {
  readonly url: string;
  readonly asked: readonly AskedRequest[];
  answerWith(answer: (response: ServerResponse, request: AskedRequest) => void): void;
  close(): Promise<void>;
}

export async function startSmallHttpServer(): Promise<SmallHttpServer> {
  const asked: AskedRequest[] = [];
  let answer = (response: ServerResponse, _request: AskedRequest): void => {
    response.end();
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      asked.push(one);
      answer(response, one);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answerWith(another) {
      answer = another;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
