// `fault add`: which services get it, what is sent, and how each wrong option is refused.
import { describe, expect, test } from 'vitest';
import { CliError } from '../../src/cli/exit-codes.js';
import {
  type FaultOptions,
  readDurationMs,
  readFaultRequest,
} from '../../src/cli/fault-request.js';
import { FAULT_KIND_NAMES, FAULT_KINDS } from '../../src/names.js';
import { parseTopology } from '../../src/topology.js';

const TOPOLOGY = parseTopology({});

/** The names of the targets, or the refusal. */
function targets(kind: string, options: FaultOptions): readonly string[] | string {
  try {
    return readFaultRequest(kind, options, TOPOLOGY).targets.map((target) => target.name);
  } catch (error) {
    if (error instanceof CliError && error.exit === 'usage') return error.message;
    throw error;
  }
}

const TEGS = ['teg:A', 'teg:B'];
const STORES = ['event-store:A', 'event-store:B'];
const REGISTRIES = ['registry:A1', 'registry:A2', 'registry:B1'];

describe('the services that get it', () => {
  const cases: readonly (readonly [string, FaultOptions, readonly string[]])[] = [
    ['refuse_transfer', {}, TEGS],
    ['refuse_transfer', { frame: 'B' }, ['teg:B']],
    ['drop_event', {}, TEGS],
    ['drop_event', { at: 'before_store' }, TEGS],
    ['drop_event', { at: 'after_store' }, STORES],
    ['drop_event', { at: 'after_store', frame: 'A' }, ['event-store:A']],
    ['drop_event', { service: 'event-store' }, STORES],
    ['cut_broadcast', { frame: 'A', param: ['to=B'] }, ['event-store:A']],
    ['silence_stream', {}, STORES],
    ['slow', {}, REGISTRIES],
    ['slow', { frame: 'A' }, ['registry:A1', 'registry:A2']],
    ['slow', { registry: 'A2' }, ['registry:A2']],
    ['unavailable', { service: 'teg' }, TEGS],
    ['unavailable', { service: 'registry', frame: 'B' }, ['registry:B1']],
    ['unavailable', { registry: 'A1' }, ['registry:A1']],
  ];
  test.each(cases)('%s %j', (kind, options, expected) => {
    expect(targets(kind, options)).toEqual(expected);
  });

  test.each(FAULT_KIND_NAMES)('%s reaches every service that can strike it', (kind) => {
    for (const service of FAULT_KINDS[kind].services) {
      const names = targets(kind, { service });
      const all = { teg: TEGS, 'event-store': STORES, registry: REGISTRIES }[service];
      expect(names).toEqual(all);
    }
  });
});

describe('what is sent', () => {
  const cases: readonly (readonly [string, FaultOptions, object])[] = [
    ['omit_event', {}, { kind: 'omit_event' }],
    [
      'drop_event',
      { eventType: 'TokensTransferred', at: 'after_store', probability: '0.5', count: '3' },
      {
        kind: 'drop_event',
        event_type: 'TokensTransferred',
        at: 'after_store',
        probability: 0.5,
        count: 3,
      },
    ],
    [
      'delay_event',
      { duration: '2m', memoPrefix: 'canary-', param: ['delay_ms=700'] },
      {
        ...{ kind: 'delay_event', duration_ms: 120_000, memo_prefix: 'canary-' },
        params: { delay_ms: '700' },
      },
    ],
    [
      'refuse_transfer',
      { backend: '2pc', sender: 'A1:canary-1', receiver: 'B1:canary-1', frame: 'A' },
      {
        ...{ kind: 'refuse_transfer', backend: '2pc', frame: 'A' },
        ...{ sender: 'A1:canary-1', receiver: 'B1:canary-1' },
      },
    ],
  ];
  test.each(cases)('%s %j', (kind, options, expected) => {
    const { body } = readFaultRequest(kind, options, TOPOLOGY);
    expect(JSON.parse(JSON.stringify(body))).toEqual(expected);
  });
});

describe('a wrong option is named with its value', () => {
  const cases: readonly (readonly [string, FaultOptions, RegExp])[] = [
    ['lose_evnt', {}, /^kind "lose_evnt": expected one of .*lose_event/],
    ['omit_event', { frame: 'C' }, /^--frame "C": expected one of A, B$/],
    ['slow', { registry: 'C1' }, /^--registry "C1": expected one of A1, A2, B1$/],
    ['slow', { registry: 'A1', frame: 'B' }, /^--registry "A1": is not in frame "B"$/],
    ['omit_event', { registry: 'A1' }, /^--registry "A1": omit_event strikes at the teg$/],
    ['unavailable', {}, /^--service: unavailable needs one of teg, registry$/],
    ['slow', { service: 'teg' }, /^--service "teg": expected one of registry$/],
    ['omit_event', { eventType: 'Tokens' }, /^--event-type "Tokens": expected one of Tokens/],
    ['omit_event', { backend: 'fast' }, /^--backend "fast": expected one of intra, async, 2pc$/],
    ['drop_event', { at: 'later' }, /^--at "later": expected one of before_store, after_store$/],
    ['omit_event', { probability: '0' }, /^--probability "0": /],
    ['omit_event', { probability: '1.5' }, /^--probability "1.5": /],
    ['omit_event', { probability: '' }, /^--probability "": /],
    ['omit_event', { count: '0' }, /^--count "0": /],
    ['omit_event', { count: '1.5' }, /^--count "1.5": /],
    ['omit_event', { duration: 'soon' }, /^--duration "soon": /],
    ['omit_event', { param: ['x=1'] }, /^--param of omit_event "x": it takes none$/],
    ['slow', { param: ['delay=1'] }, /^--param of slow "delay": expected one of delay_ms$/],
    ['slow', { param: ['delay_ms'] }, /^--param "delay_ms": expected name=value$/],
  ];
  test.each(cases)('%s %j', (kind, options, message) => {
    expect(targets(kind, options)).toMatch(message);
  });
});

test.each([
  ['250', 250],
  ['250ms', 250],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
])('the duration %s is %i ms', (text, durationMs) => {
  expect(readDurationMs(text)).toBe(durationMs);
});
