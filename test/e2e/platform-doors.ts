// The sandbox's control doors, as cases use them over HTTP: faults, and the oracle's true account.
import { deriveTokens } from '../../sandbox/src/service/tokens.js';
import { eventStoreUrl, type Topology, tegUrl } from '../../sandbox/src/topology.js';

export interface FaultOrder {
  readonly at: 'teg' | 'event-store';
  readonly frame: string;
  readonly kind: string;
  readonly scope?: Readonly<Record<string, unknown>>;
}

export interface PlatformDoors {
  /** Strikes until `clearFaults`. */
  fault(order: FaultOrder): Promise<void>;
  clearFaults(): Promise<void>;
  /** Creates tokens in an account, without an event. */
  leak(frame: string, account: string, amount: string): Promise<void>;
  /** The TEG's own account of the transfers whose memo names a test of the cycle. */
  transfersOf(frame: string, idempotencyKey: string, sender: string): Promise<readonly unknown[]>;
}

export function createPlatformDoors(topology: Topology): PlatformDoors {
  const tokens = deriveTokens(topology.secretSeed);
  const control = { authorization: `Bearer ${tokens.control}` };
  const url = (at: FaultOrder['at'], frame: string) =>
    at === 'teg' ? tegUrl(topology, frame) : eventStoreUrl(topology, frame);
  return {
    async fault({ at, frame, kind, scope }) {
      await expectOk(`${url(at, frame)}/control/faults`, {
        method: 'POST',
        headers: { ...control, 'content-type': 'application/json' },
        body: JSON.stringify({ kind, ...scope }),
      });
    },
    async leak(frame, account, amount) {
      await expectOk(`${url('teg', frame)}/control/leaks`, {
        method: 'POST',
        headers: { ...control, 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'create', account, amount }),
      });
    },
    async clearFaults() {
      const doors = topology.frames.flatMap(({ id }) => [url('teg', id), url('event-store', id)]);
      const clear = { method: 'DELETE', headers: control };
      await Promise.all(doors.map((door) => expectOk(`${door}/control/faults`, clear)));
    },
    async transfersOf(frame, idempotencyKey, sender) {
      const query = new URLSearchParams({ idempotency_key: idempotencyKey, sender });
      const answer = await expectOk(`${tegUrl(topology, frame)}/teg/transfers?${query}`, {});
      return ((await answer.json()) as { transfers: readonly unknown[] }).transfers;
    },
  };
}

async function expectOk(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}
