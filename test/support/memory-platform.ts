// The platform's doors in memory, for tests of activities: EventStores that answer what is stored
// by now, or are away, and a gateway that plays a script of attempts.
import { PlatformUnavailableError } from '../../src/adapters/platform-unavailable-error.js';
import type { ClockOffset, ClockOffsets } from '../../src/domain/clock.js';
import type { FrameStoredEvent } from '../../src/domain/closing.js';
import type { Attempt } from '../../src/domain/fire.js';
import type { FrameId } from '../../src/domain/frame.js';
import type { Clock, EventLookup, TransferGateway, TransferRequest } from '../../src/ports.js';

export interface MemoryEventStores extends EventLookup {
  readonly events: FrameStoredEvent[];
  /** Frames that do not answer, by the look-up that they do not answer. */
  readonly away: { readonly byMemo: Set<FrameId>; readonly byTransferId: Set<FrameId> };
  /** Every question that was asked, `A memo`. */
  readonly asked: string[];
}

export function createMemoryEventStores(clock: Clock): MemoryEventStores {
  const events: FrameStoredEvent[] = [];
  const asked: string[] = [];
  const away = { byMemo: new Set<FrameId>(), byTransferId: new Set<FrameId>() };
  const answer = (frame: FrameId, fits: (one: FrameStoredEvent) => boolean) =>
    events
      .filter((one) => one.frame === frame && one.stored.storedAtMs <= clock.nowMs() && fits(one))
      .map(({ stored }) => stored)
      .sort((one, other) => one.sequence - other.sequence);
  const ask = (frame: FrameId, by: keyof typeof away, what: string) => {
    asked.push(`${frame} ${what}`);
    if (away[by].has(frame)) throw new PlatformUnavailableError(frame, 'http://memory', 'away');
  };
  return {
    events,
    away,
    asked,
    async byMemo(frame, memo) {
      ask(frame, 'byMemo', memo);
      return answer(frame, ({ stored }) => stored.event.memo === memo);
    },
    async byTransferId(frame, transferId) {
      ask(frame, 'byTransferId', transferId);
      return answer(frame, ({ stored }) => stored.event.transferId === transferId);
    },
  };
}

export interface MemoryGateway extends Pick<TransferGateway, 'attempt' | 'clockOffset'> {
  readonly requests: TransferRequest[];
  /** How often each frame's clock was measured. */
  readonly measured: FrameId[];
  offsets: ClockOffsets;
}

/** Answers each attempt with the next of the script; `never` leaves it without an answer. */
export function createMemoryGateway(script: readonly (Attempt | 'never')[] = []): MemoryGateway {
  const requests: TransferRequest[] = [];
  const measured: FrameId[] = [];
  const gateway: MemoryGateway = {
    requests,
    measured,
    offsets: {},
    async attempt(request): Promise<Attempt> {
      const answer = script[requests.length];
      requests.push(request);
      if (answer === undefined) throw new Error('the script has no further attempt');
      return answer === 'never' ? new Promise<never>(() => undefined) : answer;
    },
    async clockOffset(frame): Promise<ClockOffset | undefined> {
      measured.push(frame);
      return gateway.offsets[frame];
    },
  };
  return gateway;
}
