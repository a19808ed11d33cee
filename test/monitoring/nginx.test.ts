// The doors of the monitoring: the real nginx, with the configuration of the compose file.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { composePlaces } from '../../monitoring/src/compose-places.js';
import { REFERENCE } from '../../monitoring/src/config.js';
import { nginxConfig } from '../../monitoring/src/nginx.js';
import { freePorts } from '../../stack/ports.js';
import { temporaryDirectory } from '../stack/support.js';
import { until } from '../support/until.js';
import { programForCases } from './programs.js';

const provided = await programForCases('nginx');

const PASSWORD = 'admin:of the house';
const HOSTS = {
  grafana: new URL(REFERENCE.links.grafana).hostname,
  prometheus: new URL(REFERENCE.links.prometheus).hostname,
  alertmanager: new URL(REFERENCE.links.alertmanager).hostname,
};

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Doors {
  ask(host: string, password: string | undefined, headers?: object): Promise<Answer>;
  upgrade(host: string): Promise<number>;
  closeUpstream(name: string): Promise<void>;
}

/** nginx before three programs that answer with their own name and what they were asked with. */
async function openDoors(program: string): Promise<Doors> {
  const upstreams = {
    grafana: await upstream('grafana'),
    prometheus: await upstream('prometheus'),
    alertmanager: await upstream('alertmanager'),
  };
  const port = await freePorts()();
  const directory = temporaryDirectory();
  const passwords = join(directory, 'htpasswd');
  writeFileSync(passwords, `${PASSWORD.replace(':', ':{PLAIN}')}\n`, { mode: 0o644 });
  const doors = nginxConfig(REFERENCE, { ...composePlaces(REFERENCE), ...addresses(upstreams) })
    .replaceAll('listen 8080', `listen 127.0.0.1:${port}`)
    .replaceAll('/run/secrets/monitoring_htpasswd', passwords);
  await run(program, directory, doors);
  const at = { host: '127.0.0.1', port, path: '/api/health' } as const;
  const ask: Doors['ask'] = (host, password, headers = {}) =>
    send({
      ...at,
      headers: { host, ...headers },
      ...(password === undefined ? {} : { auth: password }),
    });
  await until(() => ask(HOSTS.grafana, undefined), 20_000);
  return {
    ask,
    async upgrade(host) {
      const asked = request({
        ...at,
        auth: PASSWORD,
        headers: { host, connection: 'upgrade', upgrade: 'websocket' },
      }).end();
      const [response] = (await once(asked, 'upgrade')) as [IncomingMessage];
      response.socket.destroy();
      return response.statusCode ?? 0;
    },
    async closeUpstream(name) {
      const server = upstreams[name as keyof typeof upstreams];
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function upstream(name: string): Promise<Server> {
  const server = createServer(({ headers }, answer) => {
    answer.end(JSON.stringify({ name, headers }));
  });
  server.on('upgrade', (_request, socket) => {
    socket.end(
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

function addresses<Name extends string>(servers: Readonly<Record<Name, Server>>) {
  const at = (name: Name) => `127.0.0.1:${(servers[name].address() as AddressInfo).port}`;
  return Object.fromEntries(
    (Object.keys(servers) as Name[]).map((name) => [name, at(name)]),
  ) as Record<Name, string>;
}

/** Debian's image and nginx's own include such a file within `http`. */
async function run(program: string, directory: string, doors: string): Promise<void> {
  mkdirSync(join(directory, 'tmp'));
  writeFileSync(join(directory, 'monitoring.conf'), doors);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${directory}/tmp/${name};`,
  );
  writeFileSync(
    join(directory, 'nginx.conf'),
    `pid ${directory}/pid; daemon off; worker_processes 1; error_log stderr;
     events {}
     http { access_log off; ${temporary.join(' ')} include ${directory}/monitoring.conf; }`,
  );
  const started: ChildProcess = spawn(
    program,
    ['-p', directory, '-c', join(directory, 'nginx.conf'), '-e', 'stderr'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  started.stderr?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const ended = once(started, 'exit');
  onTestFinished(async () => {
    started.kill('SIGTERM');
    await ended;
    expect(said).not.toContain('[emerg]');
  });
}

function send(options: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

function seenBy(answer: Answer): { readonly name: string; readonly headers: IncomingHttpHeaders } {
  return JSON.parse(answer.text) as ReturnType<typeof seenBy>;
}

describe.skipIf(provided === undefined)('nginx in front of the monitoring', () => {
  test('leads who has the password, and nobody else, to each by its name', async () => {
    if (provided === undefined) return;
    const doors = await openDoors(provided.path);
    for (const [name, host] of Object.entries(HOSTS)) {
      expect((await doors.ask(host, undefined)).status).toBe(401);
      expect((await doors.ask(host, 'admin:guessed')).status).toBe(401);
      const answer = await doors.ask(host, PASSWORD, { 'x-forwarded-proto': 'http' });
      expect(answer.status, answer.text).toBe(200);
      const seen = seenBy(answer);
      expect(seen.name).toBe(name);
      expect(seen.headers).toMatchObject({ host, 'x-forwarded-proto': 'https' });
      expect(seen.headers).not.toHaveProperty('authorization');
    }
    await expect(doors.ask('other.example.com', PASSWORD)).rejects.toThrow(/hang up|ECONNRESET/);
    expect(await doors.upgrade(HOSTS.grafana)).toBe(101);
    await doors.closeUpstream('grafana');
    expect((await doors.ask(HOSTS.grafana, PASSWORD)).status).toBe(502);
    expect((await doors.ask(HOSTS.prometheus, PASSWORD)).status).toBe(200);
  }, 60_000);
});
