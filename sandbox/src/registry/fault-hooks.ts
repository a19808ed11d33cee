// The registry's own faults: `unavailable` and `slow` strike its API and its health.
import { sleep } from '../service/back-off.js';
import { numberParam } from '../service/faults.js';
import { type HttpService, unavailable } from '../service/http-service.js';
import type { RegistryCore } from './registry-core.js';

const DEFAULT_DELAY_MS = 2_000;

/** Health is struck too, for it is what the federation's peers probe; metrics never are. */
const STRUCK = /^\/(api\/|healthz)/;

export function strikeFaults(
  service: Pick<HttpService, 'addHook'>,
  core: Pick<RegistryCore, 'faults' | 'frame'>,
): void {
  service.addHook('onRequest', async (request) => {
    if (!STRUCK.test(request.url)) return;
    const scope = { frame: core.frame };
    const slow = core.faults.hit('slow', scope);
    if (slow) await sleep(numberParam(slow, 'delay_ms', DEFAULT_DELAY_MS));
    if (core.faults.hit('unavailable', scope)) throw unavailable('fault: unavailable');
  });
}
