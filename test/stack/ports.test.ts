// The port table and what is said when a port is taken.
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { assertPortFree, freePorts, PORT_OFFSETS, portTable } from '../../stack/ports.js';

test('no two services share a port, and the default base gives the documented ones', () => {
  const offsets = Object.values(PORT_OFFSETS);
  expect(new Set(offsets).size).toBe(offsets.length);
  expect(portTable(27_000)).toMatchObject({
    postgres: 27_000,
    redis: 27_001,
    kafka: 27_002,
    temporal: 27_010,
    temporalUi: 27_011,
    workerHttp: 27_020,
    exporter: 27_022,
    prometheus: 27_030,
    alertmanager: 27_031,
    mailPage: 27_036,
    sandbox: 27_100,
  });
});

describe('a base that cannot be', () => {
  test.each([0, 1_023, 65_400, 27_000.5, Number.NaN])('%s', (base) => {
    expect(() => portTable(base)).toThrow(`port base ${base} must be a whole number between 1024`);
  });
});

test('a taken port is named together with its service and with what to do', async () => {
  const port = await freePorts()();
  await expect(assertPortFree(port, 'postgres')).resolves.toBeUndefined();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  await expect(assertPortFree(port, 'postgres')).rejects.toThrow(
    new RegExp(`port ${port} \\(postgres\\) is taken: .*--port-base or CANARY_PORT_BASE`),
  );
});

test('free ports are given once each', async () => {
  const next = freePorts(() => 0.5);
  await next();
  await expect(next()).rejects.toThrow('no free port');
});
