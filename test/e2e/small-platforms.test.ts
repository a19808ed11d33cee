// The set-ups with less than two frames: one frame with two registries, and one registry alone.
import { describe, expect, test } from 'vitest';
import { startReactor } from './reactor.js';

interface SmallPlatform {
  readonly registries: readonly string[];
  readonly paths: number;
  readonly withKafka: boolean;
}

const CASES: Readonly<Record<string, SmallPlatform>> = {
  'one frame with two registries has all three backends': {
    registries: ['A1', 'A2'],
    paths: 12,
    withKafka: true,
  },
  'one registry alone, without Kafka': { registries: ['A1'], paths: 2, withKafka: false },
};

describe('a small platform', () => {
  for (const [name, { registries, paths, withKafka }] of Object.entries(CASES)) {
    test(name, async () => {
      const reactor = await startReactor({ registries, withKafka });
      try {
        expect(await reactor.cycle()).toMatchObject({
          planned: paths,
          outcomes: { passed: paths },
          clean: true,
        });
      } finally {
        await reactor.stop();
      }
    });
  }
});
