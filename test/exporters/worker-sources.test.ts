// What workers and the Temporal server serve themselves, joined into the page: shown, or down and
// absent, whatever the other side does.
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { SourceState } from '../../src/exporters/source.js';
import { exporterOver, SETTINGS, seriesNamed, seriesOf, workerAt } from './page.js';
import { target } from './targets.js';

function readyz(ready: boolean): RequestListener {
  const dependencies = [
    { name: 'postgres', ready: true },
    { name: 'redis', ready, problem: 'connect ECONNREFUSED' },
  ];
  return (_request, response) =>
    response.writeHead(ready ? 200 : 503).end(JSON.stringify({ ready, dependencies }));
}

describe('what a worker says of its dependencies', () => {
  test.each([
    ['all there', true, '1'],
    ['one of them away', false, '0'],
  ])('is on the page: %s', async (_what, ready, redis) => {
    const url = await target(readyz(ready));
    const sdk = await target('temporal_x 1\n');
    const alive = async () => [workerAt(sdk, url)];
    const page = await exporterOver({ workers: { alive } }).metrics();
    expect(seriesNamed(page, 'canary_worker_dependency_up')).toEqual({
      'canary_worker_dependency_up{worker="w1",dependency="postgres"}': '1',
      'canary_worker_dependency_up{worker="w1",dependency="redis"}': redis,
    });
    expect(seriesOf(page).get('canary_exporter_source_up{source="worker/w1"}')).toBe('1');
  });

  test.each<[what: string, answer: string | RequestListener]>([
    ['a web page', '<html></html>'],
    ['another document', '{"dependencies":[{"name":"redis"}]}'],
    ['500', (_request, response) => response.writeHead(500).end('{"dependencies":[]}')],
    ['no end', (_request, response) => response.end(`{"dependencies":"${'x'.repeat(300_000)}"}`)],
  ])('is absent where it answers %s', async (_what, answer) => {
    const alive = async () => [workerAt(await target('temporal_x 1\n'), await target(answer))];
    const page = await exporterOver({ workers: { alive } }).metrics();
    expect(seriesNamed(page, 'canary_worker_dependency_up')).toEqual({});
    expect(seriesOf(page).get('canary_exporter_source_up{source="worker/w1"}')).toBe('0');
    expect(seriesOf(page).get('canary_exporter_source_up{source="sdk/w1"}')).toBe('1');
  });
});

describe('Temporal’s own metrics', () => {
  const half = readFileSync(new URL('./fixtures/sdk-metrics.txt', import.meta.url), 'utf8');
  test.each([
    ['a web page', '<html></html>'],
    ['prose', 'all is well'],
    ['half a page', half.slice(0, 30_000)],
    ['a line without end', 'x'.repeat(100_000)],
  ])('a target that serves %s is down, and nothing of it is shown', async (_what, text) => {
    const url = await target(text);
    const settings = { ...SETTINGS, serverMetricsUrl: url };
    const workers = { alive: async () => [workerAt(url, url)] };
    const page = await exporterOver({ settings, workers }).metrics();
    expect(page).not.toMatch(/^temporal_/m);
    expect(seriesNamed(page, 'canary_exporter_source_up')).toMatchObject({
      'canary_exporter_source_up{source="sdk/w1"}': '0',
      'canary_exporter_source_up{source="temporal_server"}': '0',
      'canary_exporter_source_up{source="postgres"}': '1',
    });
  });

  test.each<[what: string, problem: string, listener: RequestListener]>([
    [
      'answers 503',
      'answered 503',
      (_request, response) => response.writeHead(503).end('temporal_x 1\n'),
    ],
    [
      'points elsewhere',
      'redirect',
      ({ url }, response) =>
        url === '/metrics'
          ? response.writeHead(302, { location: '/elsewhere' }).end()
          : response.end('temporal_x 1\n'),
    ],
    ['hangs up', 'other side closed', (request) => request.socket.destroy()],
  ])(
    'a worker that %s is down (%s), and the others are shown',
    async (_what, problem, listener) => {
      const [bad, good] = [await target(listener), await target('temporal_x 1\n')];
      const ready = await target(readyz(true));
      const alive = async () => [workerAt(bad, ready, 'bad'), workerAt(good, ready, 'good')];
      const changes: SourceState[] = [];
      const onChange = (state: SourceState) => changes.push(state);
      const page = await exporterOver({ workers: { alive }, onChange }).metrics();
      expect(seriesNamed(page, 'temporal_x')).toEqual({ 'temporal_x{worker="good"}': '1' });
      expect(seriesOf(page).get('canary_exporter_source_up{source="sdk/bad"}')).toBe('0');
      expect(seriesOf(page).get('canary_workers_alive')).toBe('2');
      expect(changes.map(({ source }) => source)).toEqual(['sdk/bad']);
      expect(String(changes[0]?.problem)).toContain(problem);
    },
  );

  test('scrapers that come at one time share one page, and a worker is asked once', async () => {
    let asked = 0;
    const url = await target((_request, response) => {
      asked += 1;
      response.end('temporal_x 1\n');
    });
    const alive = async () => [workerAt(url, await target(readyz(true)))];
    const exporter = exporterOver({ workers: { alive } });
    const [one, other] = await Promise.all([exporter.metrics(), exporter.metrics()]);
    expect(one).toBe(other);
    expect(asked).toBe(1);
  });

  test('workers are still shown while the board cannot be read', async () => {
    const url = await target('temporal_x 1\n');
    const ready = await target(readyz(false));
    let asked = 0;
    const alive = async () => {
      asked += 1;
      if (asked > 1) throw new Error('redis is away');
      return [workerAt(url, ready)];
    };
    const exporter = exporterOver({ workers: { alive } });
    await exporter.metrics();
    const page = await exporter.metrics();
    expect(seriesNamed(page, 'temporal_x')).toEqual({ 'temporal_x{worker="w1"}': '1' });
    expect(seriesNamed(page, 'canary_worker_dependency_up')).toMatchObject({
      'canary_worker_dependency_up{worker="w1",dependency="redis"}': '0',
    });
    expect(seriesNamed(page, 'canary_workers_alive')).toEqual({});
  });
});

describe('/readyz of the exporter', () => {
  const away = async (): Promise<never> => Promise.reject(new Error('connect ECONNREFUSED'));

  test('names the TEGs and the Temporal server that are away, and is ready', async () => {
    const settings = { ...SETTINGS, serverMetricsUrl: 'http://127.0.0.1:9/metrics' };
    const exporter = exporterOver({ settings, gateway: { balance: away } });
    expect(await exporter.readiness()).toMatchObject({
      ready: true,
      dependencies: [
        { name: 'postgres', required: true, ready: true },
        { name: 'redis', required: true, ready: true },
        { name: 'teg/A', required: false, ready: false, problem: 'connect ECONNREFUSED' },
        { name: 'teg/B', required: false, ready: false, problem: 'connect ECONNREFUSED' },
        { name: 'temporal_server', required: false, ready: false },
      ],
    });
  });
});
