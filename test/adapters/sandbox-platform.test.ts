// The adapters against two whole frames of the sandbox, over the wire: what the gateway fires, the
// look-ups find, in the words of the contract's table.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEventStoreLookup } from '../../src/adapters/event-store-lookup.js';
import { systemClock } from '../../src/adapters/system-clock.js';
import { createTegTransfers } from '../../src/adapters/teg-transfers.js';
import { emittedEvents } from '../../src/domain/contract.js';
import { examine } from '../../src/domain/examination.js';
import { meaningOf } from '../../src/domain/fire.js';
import type { Topology } from '../../src/domain/frame.js';
import { memoOf, testIdOf } from '../../src/domain/memo.js';
import { derivePaths, type Path } from '../../src/domain/path.js';
import { planTest } from '../../src/domain/plan.js';
import type { EventLookup, TransferGateway } from '../../src/ports.js';
import { prepareSandbox, type SandboxPlatform } from '../support/sandbox-service.js';
import { until } from '../support/until.js';

const FEE_BASIS_POINTS = 25;
const AMOUNT_BASE_UNITS = 10_000n;
const DEADLINES = { softMs: 10_000, finalMs: 60_000 };

let platform: SandboxPlatform;
let gateway: TransferGateway;
let lookup: EventLookup;
let paths: readonly Path[];

beforeAll(async () => {
  platform = await prepareSandbox({ feeBasisPoints: FEE_BASIS_POINTS });
  for (const frame of platform.frames) {
    await Promise.all([platform.start('event-store', frame), platform.start('teg', frame)]);
  }
  const agentsOf = (registry: string) => [`${registry}:canary-1`, `${registry}:canary-2`];
  const topology: Topology = {
    lanes: 1,
    frames: platform.frames.map(({ id, registry }) => ({
      id,
      registries: [{ id: registry, agents: agentsOf(registry) }],
    })),
  };
  paths = derivePaths(topology);
  const agents = platform.frames.flatMap(({ registry }) => agentsOf(registry));
  gateway = createTegTransfers({
    clock: systemClock,
    topology,
    tegUrls: Object.fromEntries(platform.frames.map(({ id, tegUrl }) => [id, tegUrl])),
    agentTokens: new Map(agents.map((agent) => [agent, platform.token(`agent:${agent}`)])),
    attemptTimeoutMs: 15_000,
    readTimeoutMs: 5_000,
    clockProbes: 5,
  });
  lookup = createEventStoreLookup({
    urls: Object.fromEntries(platform.frames.map(({ id, eventStoreUrl }) => [id, eventStoreUrl])),
    requestTimeoutMs: 5_000,
    onMalformed: (_frame, problem) => expect.unreachable(problem),
  });
});

afterAll(() => platform.close());

/** The path of a backend from the first frame's first canary agent. */
function pathOf(backend: Path['backend']): Path {
  const path = paths.find(
    (one) => one.backend === backend && one.senderFrame === platform.frames[0].id,
  );
  if (path === undefined) throw new Error(`no ${backend} path`);
  return path;
}

function newTest(path: Path) {
  const settings = {
    amountBaseUnits: AMOUNT_BASE_UNITS,
    feeBasisPoints: FEE_BASIS_POINTS,
    deadlines: { intra: DEADLINES, async: DEADLINES, '2pc': DEADLINES },
  };
  return planTest(randomUUID(), path, settings, false);
}

function fire(path: Path, testId: string, amountBaseUnits = AMOUNT_BASE_UNITS) {
  return gateway.attempt({ path, amountBaseUnits, memo: memoOf(testId), idempotencyKey: testId });
}

/** A transfer's own events at both frames, as `frame/type`. */
async function eventsOf(transferId: string) {
  const found = await Promise.all(
    platform.frames.map(async ({ id }) =>
      (await lookup.byTransferId(id, transferId)).map((stored) => ({ frame: id, stored })),
    ),
  );
  return found.flat();
}

describe('a transfer on the sandbox', () => {
  for (const backend of ['intra', 'async', '2pc'] as const) {
    test(`by ${backend} is accepted, once for its key, and leaves exactly its events`, async () => {
      const path = pathOf(backend);
      const one = newTest(path);
      const first = await fire(path, one.testId);
      expect(first).toMatchObject({ kind: 'accepted' });
      expect(await fire(path, one.testId)).toEqual(first);
      const transferId = first.kind === 'accepted' ? first.transferId : '';
      await until(async () => {
        const own = (await eventsOf(transferId)).filter(
          ({ stored }) => stored.foreignFrom === undefined,
        );
        const found = own.map(({ frame, stored }) => `${frame}/${stored.event.eventType}`);
        const wanted = emittedEvents(path).map(({ frame, eventType }) => `${frame}/${eventType}`);
        expect(found.sort()).toEqual(wanted.sort());
      });
      for (const { frame, stored } of await eventsOf(transferId)) {
        const { event, foreignFrom } = stored;
        expect(examine(one, event)).toEqual([]);
        const ours = event.memo === undefined ? one.testId : testIdOf(event.memo);
        expect(ours, event.eventType).toBe(one.testId);
        if (foreignFrom === undefined) expect(event.sourceFrame).toBe(frame);
      }
    });
  }

  test('is unpaid beyond the float, refused as another of its key, moving nothing', async () => {
    const path = pathOf('intra');
    const before = await gateway.balance(path.sender);
    const unpaid = await fire(path, randomUUID(), before.availableBaseUnits);
    expect(unpaid).toMatchObject({ kind: 'answered', status: 402, code: 'insufficient_funds' });
    expect(meaningOf(unpaid)).toBe('unpaid');
    expect(await gateway.balance(path.sender)).toEqual(before);
    const testId = randomUUID();
    await fire(path, testId);
    const other = await fire(path, testId, AMOUNT_BASE_UNITS + 1n);
    expect(other).toMatchObject({ status: 409, code: 'idempotency_conflict' });
  });

  test('costs its sender amount and fee, to the base unit', async () => {
    const path = pathOf('intra');
    const before = await gateway.balance(path.sender);
    const { fee } = newTest(path);
    await fire(path, randomUUID());
    const after = await gateway.balance(path.sender);
    expect(before.availableBaseUnits - after.availableBaseUnits).toBe(
      AMOUNT_BASE_UNITS + BigInt(fee),
    );
    expect(after).toMatchObject({ heldBaseUnits: 0n, status: 'active' });
  });
});

test('fee and clock of a frame are its own', async () => {
  for (const { id } of platform.frames) {
    expect(await gateway.feeBasisPoints(id)).toBe(FEE_BASIS_POINTS);
    const offset = await gateway.clockOffset(id);
    // One machine, one clock: the truth is zero.
    expect(Math.abs(offset?.offsetMs ?? Number.NaN)).toBeLessThanOrEqual(offset?.errorMs ?? 0);
  }
});
