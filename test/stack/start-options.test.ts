// The command line of `npm start`, and the frames that registries make.
import { describe, expect, test, vi } from 'vitest';
import { framesOf } from '../../stack/sandbox-config.js';
import { readStartOptions } from '../../stack/start-options.js';

type Environment = { readonly CANARY_PORT_BASE?: string };

function check(args: readonly string[], environment: Environment, expected: object): void {
  const quiet = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.stubEnv('CANARY_PORT_BASE', environment.CANARY_PORT_BASE);
  expect(readStartOptions(args)).toMatchObject(expected);
  vi.unstubAllEnvs();
  quiet.mockRestore();
}

describe('read', () => {
  const reference = ['A1', 'A2', 'B1'];
  test.each<readonly [string, readonly string[], Environment, object]>([
    [
      'nothing: the reference set-up',
      [],
      {},
      { once: false, json: false, portBase: 27_000, kafka: true, registries: reference, with: [] },
    ],
    ['one cycle as JSON', ['--once', '--json'], {}, { once: true, json: true }],
    ['a port base', ['--port-base', '30000'], {}, { portBase: 30_000 }],
    ['a port base of the environment', [], { CANARY_PORT_BASE: '31000' }, { portBase: 31_000 }],
    [
      'the option before the environment',
      ['--port-base', '30000'],
      { CANARY_PORT_BASE: '31000' },
      { portBase: 30_000 },
    ],
    ['a single frame', ['--frames', '1'], {}, { registries: ['A1', 'A2'] }],
    ['a single registry', ['--registries', 'A1'], {}, { registries: ['A1'] }],
    ['three frames', ['--registries', 'A1, B1, C1'], {}, { registries: ['A1', 'B1', 'C1'] }],
    ['no Kafka', ['--no-kafka'], {}, { kafka: false }],
    ['the monitoring', ['--with', 'monitoring'], {}, { with: ['monitoring'] }],
    [
      'the monitoring, asked for in every way',
      ['--with', 'monitoring,monitoring', '--with', 'monitoring'],
      {},
      { with: ['monitoring'] },
    ],
    ['another directory', ['--data', 'elsewhere'], {}, { data: 'elsewhere' }],
  ])('%s', (_name, args, environment, expected) => check(args, environment, expected));
});

describe('refused with exit code 2', () => {
  test.each<readonly [string, readonly string[], Environment]>([
    ['an unknown option', ['--onc'], {}],
    ['an argument too many', ['extra'], {}],
    ['a port base that is none', ['--port-base', 'x'], {}],
    ['a port base too high', ['--port-base', '65500'], {}],
    ['a port base of the environment that is none', [], { CANARY_PORT_BASE: 'x' }],
    ['a registry without a number', ['--registries', 'A'], {}],
    ['an unknown part', ['--with', 'monitoring,music'], {}],
    ['an empty part', ['--with', ''], {}],
    ['no frame', ['--frames', '0'], {}],
  ])('%s', (_name, args, environment) => check(args, environment, { exitCode: 2 }));
});

test('help ends well', () => check(['--help'], {}, { exitCode: 0 }));

test('the letters of registries name their frames, in the order given', () => {
  expect(framesOf(['B1', 'A1', 'B2'])).toEqual([
    { id: 'B', registries: ['B1', 'B2'] },
    { id: 'A', registries: ['A1'] },
  ]);
});
