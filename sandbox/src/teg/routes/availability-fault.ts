// The fault `unavailable`: every call of the TEG but health, metrics and control answers 503.
import { unavailable } from '../../service/http-error.js';
import type { HttpService } from '../../service/http-service.js';
import { recordStrikes, strikeOn } from '../strikes.js';
import type { TegCore } from '../teg-core.js';

// Transfers have more to match a fault with than the frame: the teller asks for them.
const TRANSFER_DOORS = ['/teg/transfer', '/teg/cross-registry-transfer'];

export function addAvailabilityFault(service: HttpService, core: TegCore): void {
  service.addHook('onRequest', async (request) => {
    const route = request.routeOptions.url ?? '';
    if (!route.startsWith('/teg/') || TRANSFER_DOORS.includes(route)) return;
    const fault = core.faults.hit('unavailable', { frame: core.frame });
    if (fault === undefined) return;
    const strike = strikeOn(fault, null, { route });
    await recordStrikes(core.pool, [strike], new Date(core.clock.nowMs()));
    throw unavailable('a fault makes the TEG unavailable');
  });
}
