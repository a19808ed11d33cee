// Whether a test asks for somebody's word.
import type { TestView } from '../../../src/admin/views/test-view.js';

/** What a warm-up or a maintenance leaves out of every judgement needs no word. */
export function needsWord({ result }: Pick<TestView, 'result'>): boolean {
  if (result === undefined || result.clean || result.acknowledgement !== undefined) return false;
  return !result.warmUp && !result.maintenance;
}
