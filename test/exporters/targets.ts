// Targets that serve a text as long as the test runs that asked for them.
import { onTestFinished } from 'vitest';
import { serve } from './page.js';

/** Serves the answer and says where. */
export async function target(...answer: Parameters<typeof serve>): Promise<string> {
  const started = await serve(...answer);
  onTestFinished(() => started.close());
  return started.url;
}
