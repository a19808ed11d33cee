// The doctor's questions about the platform: every service, clocks, fee rule, the agents' floats.
import { feeOf, formatAmount } from '../../domain/amount.js';
import type { AgentId, FrameId } from '../../domain/frame.js';
import { memoOf } from '../../domain/memo.js';
import type { AdminDependencies, PlatformReads } from '../admin-dependencies.js';
import { type Check, type Found, right, wrong } from './doctor-check.js';

type FrameConfig = AdminDependencies['config']['platform']['frames'][number];

interface Asked extends Pick<AdminDependencies, 'config' | 'clock'>, PlatformReads {
  /** What a frame's TEG charges, asked once for all questions that need the TEG. */
  readonly feeOfFrame: (frame: FrameId) => Promise<number>;
}

/** As far as the verdict allows commit times to lie past a deadline (canary-test). */
const CLOCK_OFFSET_MS_MAX = 1_000;
/** No test has this id: the question only shows that the EventStore answers look-ups. */
const NO_TEST = 'doctor';

/** Throws `ConfigError` where the agents' tokens cannot be read. */
export function platformChecks({ config, clock, platform }: AdminDependencies): readonly Check[] {
  const reads = platform();
  const feeOfFrame = memoized((frame: FrameId) => reads.gateway.feeBasisPoints(frame));
  const deps: Asked = { config, clock, feeOfFrame, ...reads };
  const { frames } = config.platform;
  return [
    ...frames.flatMap((frame) => [...frameChecks(deps, frame), ...feedChecks(deps, frame)]),
    ...frames.flatMap((frame) =>
      frame.registries.map(({ id, url }) => ({
        check: 'registry',
        subject: id,
        whenAway: `start it, or correct its url (${url})`,
        ask: () => deps.askHealth(frame.id, url).then(() => right('answers')),
      })),
    ),
    ...floatChecks(deps),
  ];
}

function frameChecks(deps: Asked, frame: FrameConfig): readonly Check[] {
  const { id, teg, eventStore } = frame;
  const startTeg = `start it, or correct its teg (${teg})`;
  return [
    { check: 'teg', subject: id, whenAway: startTeg, ask: () => askFee(deps, id) },
    {
      check: 'clock',
      subject: id,
      whenAway: startTeg,
      ask: () => withTeg(deps, id, () => askClock(deps, id)),
    },
    {
      check: 'event-store',
      subject: id,
      whenAway: `start it, or correct its eventStore (${eventStore})`,
      ask: () => deps.lookup.byMemo(id, memoOf(NO_TEST)).then(() => right('answers look-ups')),
    },
  ];
}

/** Only a frame that is heard over Kafka needs it. */
function feedChecks(deps: Asked, { id, feed }: FrameConfig): readonly Check[] {
  if (feed !== 'kafka') return [];
  const ask = async () => {
    const head = await deps.feeds[id]?.positionBefore(deps.clock.nowMs());
    return right(`the topic is at ${head}`);
  };
  return [
    {
      check: 'kafka',
      subject: id,
      whenAway:
        'start it, or correct KAFKA_BROKERS (stores.kafka), or hear the frame by event-store',
      ask,
    },
  ];
}

function memoized<K, T>(ask: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const asked = new Map<K, Promise<T>>();
  return (key) => {
    const answer = asked.get(key) ?? ask(key);
    asked.set(key, answer);
    return answer;
  };
}

/** What needs a TEG that does not answer says only that: why stands with the TEG itself. */
async function withTeg<T>(deps: Asked, frame: FrameId, ask: () => Promise<T>): Promise<T> {
  await deps.feeOfFrame(frame).catch((cause: unknown) => {
    throw new Error(`the TEG of frame ${frame} does not answer`, { cause });
  });
  return ask();
}

async function askFee({ config, feeOfFrame }: Asked, frame: string): Promise<Found> {
  const charged = await feeOfFrame(frame);
  const { feeBasisPoints } = config.platform;
  if (charged === feeBasisPoints) return right(`charges ${charged} basis points`);
  return wrong(
    `charges ${charged} basis points, configured are ${feeBasisPoints}`,
    `set platform.feeBasisPoints to ${charged}, or have the platform corrected`,
  );
}

async function askClock({ gateway }: Asked, frame: string): Promise<Found> {
  const offset = await gateway.clockOffset(frame);
  if (offset === undefined) throw new Error('the clock could not be measured');
  const { offsetMs, errorMs } = offset;
  const measured = `${signed(offsetMs)} ms, give or take ${Math.ceil(errorMs)} ms`;
  if (Math.abs(offsetMs) - errorMs <= CLOCK_OFFSET_MS_MAX) return right(measured);
  return wrong(measured, 'set both clocks by NTP: times are compared across them');
}

function signed(ms: number): string {
  const whole = Math.round(ms);
  return whole > 0 ? `+${whole}` : String(whole);
}

function floatChecks(deps: Asked): readonly Check[] {
  return [...neededOfAgents(deps)].map(([agent, neededBaseUnits]) => ({
    check: 'float',
    subject: agent,
    whenAway: 'see the teg of its frame, and that the agent is enrolled',
    ask: () => withTeg(deps, frameOf(deps, agent), () => askFloat(deps, agent, neededBaseUnits)),
  }));
}

function frameOf({ config }: Asked, agent: AgentId): FrameId {
  const path = config.paths.find(({ sender }) => sender === agent);
  if (path === undefined) throw new Error(`agent ${agent} sends on no path`);
  return path.senderFrame;
}

/** What one cycle takes from each agent: amount and fee of every path that it sends on. */
function neededOfAgents({ config }: Asked): ReadonlyMap<AgentId, bigint> {
  const { amountBaseUnits, paths, platform } = config;
  const costBaseUnits = amountBaseUnits + feeOf(amountBaseUnits, platform.feeBasisPoints);
  const needed = new Map<AgentId, bigint>();
  for (const { sender } of paths) needed.set(sender, (needed.get(sender) ?? 0n) + costBaseUnits);
  return needed;
}

async function askFloat(
  { gateway }: Asked,
  agent: AgentId,
  neededBaseUnits: bigint,
): Promise<Found> {
  const { availableBaseUnits, heldBaseUnits, status } = await gateway.balance(agent);
  const detail =
    `${formatAmount(availableBaseUnits)} AVT available, ${formatAmount(heldBaseUnits)} held, ` +
    `a cycle takes ${formatAmount(neededBaseUnits)}`;
  if (status === 'revoked') return wrong(`revoked; ${detail}`, `restore agent ${agent}`);
  if (availableBaseUnits >= neededBaseUnits) return right(detail);
  const shortBaseUnits = neededBaseUnits - availableBaseUnits;
  return wrong(detail, `send agent ${agent} ${formatAmount(shortBaseUnits)} AVT or more`);
}
