// The page as text: Prometheus' own linter finds nothing to say about it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import { VALIDATED_EVENT_TYPES } from '../../src/domain/event.js';
import { scoreboardOf } from '../../src/domain/scoreboard.js';
import { METRICS } from '../../src/exporters/metrics.js';
import { createMemoryResults } from '../support/memory-results.js';
import { exporterOver, manualClock, NOW_MS, SETTINGS, stateOf, workerAt } from './page.js';
import { target } from './targets.js';

function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
}

describe.skipIf(inject('promtoolPath') === undefined)('promtool finds nothing to say', () => {
  function lint(page: string): string {
    const promtool = inject('promtoolPath') ?? '';
    return execFileSync(promtool, ['check', 'metrics'], {
      input: page,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  }

  test('about a page with everything on it', async () => {
    const sdk = await target(fixture('sdk-metrics.txt'));
    const server = await target(fixture('server-metrics.txt'));
    const readyz = await target(JSON.stringify({ dependencies: [{ name: 'redis', ready: true }] }));
    const results = createMemoryResults();
    const cycle = { cycleId: 'c1', slotMs: NOW_MS, planned: 1, startedAtMs: NOW_MS };
    await results.openCycle(cycle);
    const latency = { count: 1, p50Ms: 1, p95Ms: 1, maxMs: 1, observerShareP50Ms: 1 };
    const board = scoreboardOf('c1', 1, []);
    await results.closeCycle(
      { ...board, latency: { intra: latency, async: latency, '2pc': latency } },
      NOW_MS,
    );
    const page = await exporterOver({
      clock: manualClock(),
      results,
      settings: { ...SETTINGS, serverMetricsUrl: server },
      validators: {
        states: async () => VALIDATED_EVENT_TYPES.map((eventType) => stateOf({ eventType })),
      },
      workers: {
        alive: async () => [workerAt(sdk, readyz, 'w1'), workerAt(sdk, readyz, 'we"ird\\\n')],
      },
    }).metrics();
    for (const { name } of Object.values(METRICS)) expect(page).toContain(`# TYPE ${name} `);
    expect(page).toMatch(/^temporal_server_/m);
    expect(lint(page)).toBe('');
  });

  test('about a page of an empty reactor', async () => {
    expect(lint(await exporterOver().metrics())).toBe('');
  });

  test('unless there is something to say', async () => {
    expect(() => lint('bad-metric 1\n')).toThrow();
    expect(() => lint('# TYPE x counter\nx 1\n')).toThrow();
  });
});
