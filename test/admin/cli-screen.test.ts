// What stands on a screen: within its columns, coloured where somebody sees it, and the progress.
import { describe, expect, test, vi } from 'vitest';
import { paintFor } from '../../src/admin/paint.js';
import { createProgressLine } from '../../src/admin/progress-line.js';
import { failedWorld, PATH, run } from './cli-run.js';
import { platformAway } from './world.js';

describe('80 columns', () => {
  const lines = [
    'cycle',
    'status',
    'paths',
    'results',
    `result 20261123T183000Z-${PATH}`,
    'doctor',
    'config check',
    'config show',
    '--help',
    'results --help',
  ];
  test.each(lines)('hold %s', async (line) => {
    const world = await failedWorld();
    const gateway = {
      ...world.platform().gateway,
      balance: async () => ({
        availableBaseUnits: 1n,
        heldBaseUnits: 0n,
        status: 'revoked' as const,
      }),
      feeBasisPoints: platformAway('A'),
    };
    const platform = () => ({ ...world.platform(), gateway });
    const { stdout } = await run(line, { world: { ...world, platform } });
    expect(stdout).not.toBe('');
    expect(stdout.split('\n').filter((one) => one.length > 80)).toEqual([]);
  });

  test.each([
    [{ columns: 120 }, {}, 120],
    [{}, { COLUMNS: '100' }, 100],
    [{}, { COLUMNS: 'wide' }, 80],
    [{ columns: 10 }, {}, 40],
  ])('unless there are others: %s %s', (screen, env, columns) => {
    expect(paintFor(screen, env).columns).toBe(columns);
  });
});

describe('colour', () => {
  const ESCAPE = '\u001b[';
  test.each([
    { terminal: true, env: {}, coloured: true },
    { terminal: true, env: { NO_COLOR: '1' }, coloured: false },
    { terminal: true, env: { TERM: 'dumb' }, coloured: false },
    { terminal: false, env: {}, coloured: false },
    { terminal: false, env: { FORCE_COLOR: '1' }, coloured: false },
  ])('$terminal $env', async ({ terminal, env, coloured }) => {
    expect((await run('doctor', { terminal, env })).stdout.includes(ESCAPE)).toBe(coloured);
  });

  test('is never in JSON', async () => {
    expect((await run('doctor --json', { terminal: true })).stdout).not.toContain(ESCAPE);
  });
});

describe('progress', () => {
  test('is one rewritten line on a terminal, no wider than it', async () => {
    const { stderr } = await run('cycle', { terminal: true });
    expect(stderr.split('\r\u001b[2K')).toEqual([
      '',
      expect.stringMatching(/^cycle hand-\S+: 0\/30 decided\n$/),
    ]);
    let written = '';
    const line = createProgressLine({
      isTTY: true,
      columns: 10,
      write: (text: string) => (written += text),
    });
    line.tell('0123456789ABC');
    expect(written).toBe('\r\u001b[2K012345678');
  });

  test('is the newest line every five seconds where nobody looks, and the last one', () => {
    vi.useFakeTimers();
    try {
      let written = '';
      const line = createProgressLine({ write: (text: string) => (written += text) });
      const told = (message: string, afterMs: number) => {
        line.tell(message);
        vi.advanceTimersByTime(afterMs);
        const now = written;
        written = '';
        return now;
      };
      expect(told('0/30', 100)).toBe('0/30\n');
      expect(told('1/30', 100)).toBe('');
      expect(told('2/30', 4_800)).toBe('2/30\n');
      expect(told('3/30', 4_999)).toBe('');
      expect(told('4/30', 1)).toBe('4/30\n');
      vi.advanceTimersByTime(60_000);
      expect(told('5/30', 10)).toBe('5/30\n');
      expect(told('30/30', 10)).toBe('');
      line.end();
      expect(written).toBe('30/30\n');
      line.end();
      expect(written).toBe('30/30\n');
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
