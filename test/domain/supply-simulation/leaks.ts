// Every way in which the simulated platform can lose or make tokens, with what an audit must say.
import type { DefectClass } from '../../../src/domain/supply-comparison.js';
import type { SupplyFindingKind } from '../../../src/domain/supply-finding.js';
import { weightOf } from './numbers.js';
import {
  anAgent,
  BUCKETS,
  commit,
  type EventBody,
  feeOf,
  post,
  type SimFrame,
  type Simulated,
  type SimulatedFrame,
  type Travelling,
} from './platform.js';

/** What must be found of a leak. */
export interface Expected {
  readonly frame: SimFrame;
  readonly kind: SupplyFindingKind;
  readonly class: DefectClass;
  /** The buckets that must be named; `undefined` where the finding has none. */
  readonly buckets: readonly number[] | undefined;
  readonly transferId: string | undefined;
}

export interface Leak {
  readonly name: string;
  /** `undefined` while the platform is in no state for it. */
  readonly plant: (simulated: Simulated) => Expected | undefined;
}

export const LEAKS: readonly Leak[] = [
  { name: 'created', plant: (simulated) => changed(simulated, 1n, 'ledger_above_events') },
  { name: 'destroyed', plant: (simulated) => changed(simulated, -1n, 'ledger_below_events') },
  { name: 'moved', plant: moved },
  { name: 'event omitted', plant: (simulated) => spoiledIntra(simulated, () => 'omitted') },
  { name: 'event altered', plant: (simulated) => spoiledIntra(simulated, oneMore) },
  { name: 'event lost', plant: lost },
  { name: 'settled without posting', plant: settledWithoutPosting },
  { name: 'credited twice', plant: creditedTwice },
  { name: 'refunded and settled', plant: refundedAndSettled },
];

function aFrame({ frames, random }: Simulated): SimulatedFrame {
  return random() < 0.5 ? frames.A : frames.B;
}

function bucketsOf(accounts: readonly string[]): readonly number[] {
  const buckets = accounts.map((account) => Number(weightOf(account) % BigInt(BUCKETS)));
  return [...new Set(buckets)].sort((one, other) => one - other);
}

function add({ balances }: SimulatedFrame, account: string, amount: bigint): void {
  balances.set(account, (balances.get(account) ?? 0n) + amount);
}

function changed(simulated: Simulated, amount: bigint, defect: DefectClass): Expected {
  const own = aFrame(simulated);
  const account = anAgent(simulated, own.frame);
  add(own, account, amount);
  own.issuance -= amount;
  return difference(own.frame, defect, [account], undefined);
}

function difference(
  frame: SimFrame,
  defect: DefectClass,
  accounts: readonly string[],
  transferId: string | undefined,
): Expected {
  return {
    frame,
    kind: 'ledger_difference',
    class: defect,
    buckets: bucketsOf(accounts),
    transferId,
  };
}

/** +1 and −1 at once: every sum stays, only accounts differ. */
function moved(simulated: Simulated): Expected | undefined {
  const own = aFrame(simulated);
  const [from, to] = [anAgent(simulated, own.frame), anAgent(simulated, own.frame)];
  if (from === to) return undefined;
  add(own, from, -1n);
  add(own, to, 1n);
  return difference(own.frame, 'accounts_shifted', [from, to], undefined);
}

type Told = (body: EventBody) => EventBody | 'omitted';

function spoiledIntra(simulated: Simulated, told: Told): Expected | undefined {
  const { frame } = aFrame(simulated);
  const [sender, receiver] = [anAgent(simulated, frame), anAgent(simulated, frame)];
  if (sender === receiver) return undefined;
  simulated.transfers += 1;
  const transferId = `t${simulated.transfers}`;
  const facts = {
    transferId,
    backend: 'intra' as const,
    sender,
    receiver,
    senderFrame: frame,
    receiverFrame: frame,
    amountBaseUnits: 77n,
  };
  const bodies: readonly EventBody[] = [{ kind: 'transferred', ...facts }, feeOf(facts, frame)];
  let isTold = false;
  commit(simulated, frame, bodies, (body, index) => {
    const said = index === 0 ? told(body) : body;
    isTold ||= index === 0 && said !== 'omitted';
    return said;
  });
  const named = isTold ? transferId : undefined;
  return difference(frame, 'accounts_shifted', [sender, receiver], named);
}

function oneMore(body: EventBody): EventBody {
  return 'amountBaseUnits' in body ? { ...body, amountBaseUnits: body.amountBaseUnits + 1n } : body;
}

function lost(simulated: Simulated): Expected {
  const { frame } = aFrame(simulated);
  const account = anAgent(simulated, frame);
  const body: EventBody = { kind: 'issued', account, amountBaseUnits: 5n };
  commit(simulated, frame, [body], () => 'lost');
  return {
    frame,
    kind: 'event_missing',
    class: 'log_damaged',
    buckets: bucketsOf([account]),
    transferId: undefined,
  };
}

function taken(simulated: Simulated, backend?: 'async'): Travelling | undefined {
  const { travelling } = simulated;
  const index = travelling.findIndex(({ facts }) => facts.backend === (backend ?? facts.backend));
  return index < 0 ? undefined : travelling.splice(index, 1)[0];
}

function settledWithoutPosting(simulated: Simulated): Expected | undefined {
  const one = taken(simulated, 'async');
  if (one === undefined) return undefined;
  const { facts } = one;
  const { receiver, receiverFrame: frame, transferId } = facts;
  const own = simulated.frames[frame];
  const body: EventBody = { kind: 'settled', ...facts };
  commit(simulated, frame, [body]);
  post(own, { ...body, amountBaseUnits: -facts.amountBaseUnits } as EventBody);
  return difference(frame, 'ledger_below_events', [receiver], transferId);
}

function creditedTwice(simulated: Simulated): Expected | undefined {
  const one = taken(simulated);
  if (one === undefined) return undefined;
  const { facts } = one;
  const { receiverFrame: frame, transferId } = facts;
  for (let time = 0; time < 2; time += 1) commit(simulated, frame, [{ kind: 'settled', ...facts }]);
  return { frame, kind: 'settled_twice', class: 'match_broken', buckets: undefined, transferId };
}

function refundedAndSettled(simulated: Simulated): Expected | undefined {
  const one = taken(simulated, 'async');
  if (one === undefined) return undefined;
  const { facts } = one;
  const { transferId } = facts;
  commit(simulated, facts.receiverFrame, [{ kind: 'settled', ...facts }]);
  commit(simulated, facts.senderFrame, [{ kind: 'refunded', ...facts }]);
  const kind = 'settled_and_refunded';
  const frame = facts.senderFrame;
  return { frame, kind, class: 'match_broken', buckets: undefined, transferId };
}
