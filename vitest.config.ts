// Three projects: the pure parts of product and page, which need nothing; what runs on real
// components; and, after both, the end-to-end cases on the whole stack, one file at a time.
import { defineConfig } from 'vitest/config';

const EXCLUDED = ['**/node_modules/**', '**/dist/**', '**/.stack/**'];
const PURE = ['test/domain/**/*.test.ts', 'test/ui/**/*.test.ts'];
const END_TO_END = ['test/e2e/**/*.test.ts', 'test/stack/start.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'domain',
          include: PURE,
          exclude: EXCLUDED,
          pool: 'forks',
          // Files share a process: loading all modules for each of them anew took minutes.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'components',
          include: ['test/**/*.test.ts', 'sandbox/test/**/*.test.ts'],
          exclude: [...EXCLUDED, ...PURE, ...END_TO_END],
          globalSetup: ['test/global-setup.ts'],
          pool: 'forks',
          isolate: false,
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: END_TO_END,
          exclude: EXCLUDED,
          globalSetup: ['test/global-setup.ts'],
          pool: 'forks',
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 600_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
