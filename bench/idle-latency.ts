// A bare workflow's signal to result with nothing but the Temporal server beside it: the least that
// any verdict can take on this machine.
import { startBareRunner } from './bare-runner.js';
import type { BenchRow } from './report.js';

const SIGNALS = 40;
const SETTLE_MS = 100;
const INTERVAL_MS = 300;

export async function benchIdleLatency(address: string): Promise<readonly BenchRow[]> {
  const bare = await startBareRunner(address);
  const samples: number[] = [];
  try {
    // The first ones warm up worker and server.
    for (let index = -5; index < SIGNALS; index += 1) {
      const tookMs = await bare.signalToResultMs(SETTLE_MS);
      if (index >= 0) samples.push(tookMs);
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  } finally {
    await bare.close();
  }
  return [{ name: 'bare workflow with nothing beside it: signal -> result', unit: 'ms', samples }];
}
