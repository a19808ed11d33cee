// What is watched may be broken: the real Prometheus and the real exporter say so, and go on.
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSmallHttpServer } from '../support/small-http-server.js';
import { until } from '../support/until.js';
import { readJson, startPart } from './part.js';
import { programForCases } from './programs.js';

const prometheus = await programForCases('prometheus');
const exporter = await programForCases('postgres-exporter');

/** Real programs on a machine that has much else to do. */
const PATIENCE_MS = 40_000;
const CASE_TIMEOUT_MS = 120_000;

interface Targets {
  readonly data: {
    readonly activeTargets: readonly {
      readonly labels: Readonly<Record<string, string>>;
      readonly health: string;
      readonly lastError: string;
    }[];
  };
}

interface Answer {
  readonly data: {
    readonly result: readonly { readonly metric: object; readonly value: object }[];
  };
}

async function metricsServer(text: string, type = 'text/plain; version=0.0.4'): Promise<string> {
  const server = await startSmallHttpServer();
  server.answerWith((response) => {
    response.writeHead(200, { 'content-type': type });
    response.end(text);
  });
  onTestFinished(() => server.close());
  return new URL(server.url).host;
}

describe.skipIf(prometheus === undefined)('a target that serves', () => {
  test.each([
    ['a page', '<html>not found</html>\n', 'text/html'],
    ['half a line', 'good_total 1\nbad_total{a="', undefined],
    ['more than anybody wants', 'm{n="1"} 1\n'.repeat(1_600_000), undefined],
  ])(
    '%s is one target down, and the others are scraped',
    async (_name, garbage, type) => {
      if (prometheus === undefined) return;
      const targets = [
        { job: 'teg', address: await metricsServer('good_total 1\n'), labels: { frame: 'A' } },
        { job: 'event-store', address: await metricsServer(garbage, type), labels: { frame: 'A' } },
      ];
      const part = await startPart({
        programs: { prometheus: { program: prometheus.path } },
        config: { targets, times: { scrapeSeconds: 1, evaluationSeconds: 1 } },
      });
      const url = part.url('prometheus');
      const health = await until(async () => {
        const { data } = await readJson<Targets>(`${url}/api/v1/targets`);
        const found = Object.fromEntries(
          data.activeTargets.map((target) => [target.labels.job ?? '', target]),
        );
        const known = Object.values(found).filter((target) => target.health !== 'unknown');
        expect(known).toHaveLength(targets.length);
        return found;
      }, PATIENCE_MS);
      expect(health).toMatchObject({ teg: { health: 'up' }, 'event-store': { health: 'down' } });
      expect(health['event-store']?.lastError).not.toBe('');
      const up = (job: string) =>
        readJson<Answer>(`${url}/api/v1/query?query=up{job="${job}",tier="application"}`);
      await until(async () => {
        expect((await up('teg')).data.result).toMatchObject([{ value: [expect.anything(), '1'] }]);
        expect((await up('event-store')).data.result).toMatchObject([
          { value: [expect.anything(), '0'] },
        ]);
      }, PATIENCE_MS);
    },
    CASE_TIMEOUT_MS,
  );
});

describe.skipIf(exporter === undefined)('the exporter of a database that is away', () => {
  test(
    'says that it is away, and stays',
    async () => {
      if (exporter === undefined) return;
      const part = await startPart({
        programs: { 'postgres-exporter': { program: exporter.path } },
      });
      const service = part.service('postgres-exporter-frame-a-teg');
      const pid = service.pid();
      const page = async () => (await fetch(`${service.url}/metrics`)).text();
      expect(await page()).toMatch(/^pg_up 0$/m);
      expect(await page()).toMatch(/^pg_up 0$/m);
      expect(service.pid()).toBe(pid);
    },
    CASE_TIMEOUT_MS,
  );
});
