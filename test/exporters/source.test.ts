// A source never breaks a scrape, whatever becomes of it, and is never asked twice at one time.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSource, type Loaded, readOnce } from '../../src/exporters/source.js';
import { manualClock } from './page.js';

const FAMILY = { name: 'x', type: 'gauge', help: '', samples: [] } as const;
const LOADED: Loaded = { families: [FAMILY] };

describe('a source', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const clock = manualClock();

  test.each([
    ['answers', async () => LOADED, [FAMILY], true],
    ['answers in part', async () => ({ ...LOADED, problem: 'half' }), [FAMILY], false],
    ['rejects', async () => Promise.reject(new Error('away')), [], false],
    ['rejects with nothing', async () => Promise.reject(undefined), [], false],
    [
      'throws',
      () => {
        throw new Error('own mistake');
      },
      [],
      false,
    ],
  ] as const)('that %s', async (_what, load, families, up) => {
    const reading = await readOnce({ name: 's', clock, load });
    expect(reading.families).toEqual(families);
    expect(reading.states).toMatchObject([{ source: 's', up }]);
  });

  test('that never answers is down after 3 s, and asked again only after 30 s', async () => {
    let asked = 0;
    const source = createSource({
      name: 's',
      clock,
      load: () => {
        asked += 1;
        return asked === 1 ? new Promise<Loaded>(() => undefined) : Promise.resolve(LOADED);
      },
    });
    const read = async () => {
      const reading = source.read();
      await vi.advanceTimersByTimeAsync(3_000);
      return (await reading).states[0]?.up;
    };
    expect(await read()).toBe(false);
    expect(await read()).toBe(false);
    expect(asked).toBe(1);
    clock.advance(30_000);
    expect(await read()).toBe(true);
    expect(asked).toBe(2);
  });

  test('shares an answer among those who ask at one time, and not beyond', async () => {
    let asked = 0;
    const load = async () => {
      asked += 1;
      return LOADED;
    };
    const source = createSource({ name: 's', clock, load });
    await Promise.all([source.read(), source.read()]);
    expect(asked).toBe(1);
    await source.read();
    expect(asked).toBe(2);
  });

  test.each([
    ['a whole answer is shown again while it is fresh', LOADED, 1],
    ['a partial one is not', { ...LOADED, problem: 'half' }, 2],
  ])('%s', async (_what, loaded, expected) => {
    let asked = 0;
    const load = async () => {
      asked += 1;
      return loaded;
    };
    const source = createSource({ name: 's', clock, load, keepMs: 15_000 });
    await source.read();
    clock.advance(14_999);
    await source.read();
    expect(asked).toBe(expected);
    clock.advance(1);
    await source.read();
    expect(asked).toBe(expected === 1 ? 2 : 3);
  });
});
