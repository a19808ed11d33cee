// What must hold of every story, derived from the world alone and from a second reading of the
// design, never from the contract's own tables. Each law answers what is wrong with a story.
import type { FindingKind } from '../../../src/domain/finding.js';
import type { FrameId } from '../../../src/domain/frame.js';
import type { StampName } from '../../../src/domain/stamp.js';
import { FIRED_AT_MS } from '../builders.js';
import {
  completionByTheBook,
  emissionsOf,
  holdersOf,
  isCompleteByTheBook,
  stampRaised,
} from '../platform.js';
import { CLOCK_ERROR_MS, OFFSET_ERROR_MS, type Story } from './reactor.js';
import type { Distortion } from './scenario.js';
import type { Copy } from './world.js';

export type Law = (story: Story) => string | undefined;

const isRight = ({ distortion }: Copy) => distortion === 'none' || distortion === 'source_frame';
const isSighted = ({ fate }: Copy) => !fate.unseen;
const isGood = ({ outcome }: Story['result']) => outcome === 'passed' || outcome === 'observer';

function raised({ emission, stored, frame }: Copy): StampName | undefined {
  return stampRaised(emission.eventType, stored.event.sourceFrame, frame);
}

/** Whether the copies that fit, each rightly filled in, complete the test. */
function complete({ world }: Story, fits: (copy: Copy) => boolean): boolean {
  const names = world.copies.filter((copy) => isRight(copy) && fits(copy)).map(raised);
  return isCompleteByTheBook(world.test.path, (name) => names.includes(name));
}

function refunded({ world }: Story, fits: (copy: Copy) => boolean): boolean {
  if (world.test.path.backend !== 'async') return false;
  return world.copies.some((copy) => isRight(copy) && fits(copy) && raised(copy) === 'cf_refunded');
}

const deadlineOf = ({ world }: Story) => FIRED_AT_MS + world.test.deadlines.finalMs;

/** Whether the verdict came of a look-back that could not ask everything. */
function isBlind({ world, lookedBackAtMs }: Story): boolean {
  const away = world.frames.some((frame) => world.fateOfFrame[frame]?.awayAtLookBack === true);
  return lookedBackAtMs !== undefined && (away || world.scenario.storeAwayAtLookBack);
}

/** The platform did its part in time and everything could be asked: passed, or our own loss. */
const noFalseFailure: Law = (story) => {
  const { result, lookedBackAtMs } = story;
  const deadlineMs = deadlineOf(story);
  if (isBlind(story)) return undefined;
  if (refunded(story, (copy) => copy.trueStoredAtMs <= (lookedBackAtMs ?? deadlineMs))) return;
  const inTime = (copy: Copy) =>
    copy.trueCommittedAtMs <= deadlineMs && copy.trueStoredAtMs <= deadlineMs;
  if (!complete(story, inTime) || isGood(result)) return undefined;
  return `the platform did its part, and the verdict is ${result.outcome}: ${result.reason}`;
};

/** What the platform did not do in time has not passed, and is not called our own loss either. */
const noFalsePass: Law = (story) => {
  const latestMs = deadlineOf(story) + 2 * CLOCK_ERROR_MS;
  if (!isGood(story.result)) return undefined;
  if (complete(story, (copy) => copy.trueCommittedAtMs <= latestMs)) return undefined;
  return `${story.result.outcome}, but the platform never completed it in time`;
};

/** What could not be asked is `inconclusive`, unless what is known decides; nothing else is. */
const inconclusiveWhenBlind: Law = (story) => {
  const { outcome, failureSignal } = story.result;
  if (outcome === 'inconclusive') {
    return isBlind(story) ? undefined : 'inconclusive, though everything could be asked';
  }
  const guessed = failureSignal === 'timeout' || failureSignal === 'unreachable';
  return guessed && isBlind(story)
    ? `${failureSignal}, though not everything was asked`
    : undefined;
};

/** A clear no is the verdict at once; a doubtful one, or none, only if no event ever came. */
const refusalsAreTrue: Law = ({ world, result, lookedBackAtMs }) => {
  const { kind, afterDoubt, answerMs } = world.scenario.fire;
  const refused = kind === 'refused' || kind === 'unpaid';
  const answeredAtMs = FIRED_AT_MS + answerMs;
  const inTime = answeredAtMs <= FIRED_AT_MS + world.test.deadlines.finalMs;
  if (refused && !afterDoubt && inTime) {
    const word = kind === 'unpaid' ? 'unpaid' : 'rejected';
    const told = (result.failureSignal ?? result.outcome) === word;
    return told && result.decidedAtMs === answeredAtMs
      ? undefined
      : `${kind}, and not said at once`;
  }
  const silent = ['rejected', 'unpaid', 'unreachable'];
  if (!silent.includes(result.failureSignal ?? result.outcome)) return undefined;
  if (kind === 'accepted' && inTime) return `${result.reason}, though it was accepted`;
  const spoke = world.copies.some(
    ({ stored, trueStoredAtMs }) =>
      stored.event.memo !== undefined && trueStoredAtMs <= (lookedBackAtMs ?? 0),
  );
  return spoke ? `${result.reason}, though there were events` : undefined;
};

/** What the close could know: stored by then, in a frame that could be asked. */
function isKnownAtClose({ world, closing }: Pick<Story, 'world' | 'closing'>) {
  return (copy: Copy) =>
    copy.trueStoredAtMs <= closing.closedAtMs &&
    world.fateOfFrame[copy.frame]?.awayAtClose === false;
}

/** What validators see sooner or later is not lost, nor is what the stores hold at the close. */
function isMet(story: Story, happened: (story: Story, fits: (copy: Copy) => boolean) => boolean) {
  const heldAtClose = isKnownAtClose(story);
  return happened(story, isSighted) || happened(story, heldAtClose);
}

const noRefundLost: Law = (story) => {
  if (!isMet(story, refunded) || story.result.failureSignal === 'refunded') return undefined;
  if (story.corrections.some(({ kind }) => kind === 'refund')) return undefined;
  return 'a refund is neither the verdict nor a correction';
};

const noCompletionLost: Law = (story) => {
  if (!isMet(story, complete) || isGood(story.result)) return undefined;
  if (story.corrections.some(({ kind }) => kind === 'completion')) return undefined;
  return 'a completion is neither the verdict nor a correction';
};

const noInventedCorrection: Law = (story) => {
  const all = () => true;
  const kinds = story.corrections.map(({ kind }) => kind);
  if (kinds.includes('refund') && !refunded(story, all)) return 'a correction of no refund';
  if (kinds.includes('completion') && !complete(story, all)) return 'a correction of no completion';
  const { failureSignal } = story.result;
  if (kinds.includes('refund') && failureSignal === 'refunded') return 'a refund twice told';
  if (kinds.includes('completion') && isGood(story.result)) return 'a completion twice told';
  return undefined;
};

/**
 * `degraded` exactly when something that the design expects of a passed test never came to a frame
 * that could be asked; the frames that could not be are told.
 */
const degradedIsTrue: Law = ({ world, result, closing }) => {
  const held = world.copies.filter((copy) => copy.trueStoredAtMs <= closing.closedAtMs);
  const asked = world.frames.filter((frame) => world.fateOfFrame[frame]?.awayAtClose === false);
  const told = world.frames.filter((frame) => !closing.unaskedFrames.includes(frame));
  if (told.join() !== asked.join()) return `asked ${asked}, and the close says ${told}`;
  const has = (frame: FrameId, name: StampName) =>
    held.some((copy) => isRight(copy) && copy.frame === frame && raised(copy) === name);
  const complete = emissionsOf(world.test.path).every((emission) => {
    const { eventType, emitter } = emission;
    const emitted =
      !asked.includes(emitter) ||
      held.some((copy) => copy.frame === emitter && copy.emission.eventType === eventType);
    const holders = holdersOf(emission, world.frames).filter((frame) => asked.includes(frame));
    const seen = holders.every((frame) => {
      const name = stampRaised(eventType, emitter, frame);
      return name === undefined || has(frame, name);
    });
    return emitted && seen;
  });
  const degraded = result.outcome === 'passed' && !complete;
  if (closing.degraded === degraded) return undefined;
  return `degraded is ${closing.degraded}, and should be ${degraded}`;
};

const KIND_OF: Readonly<Record<Exclude<Distortion, 'none'>, readonly FindingKind[]>> = {
  amount: ['wrong_amount', 'wrong_fee'],
  sender: ['wrong_sender'],
  receiver: ['wrong_receiver'],
  backend: ['wrong_backend'],
  source_frame: ['impossible_stamp'],
};

/** Everything wrong that the close can know of is a finding. */
const noFaultLost: Law = ({ world, closing, findings }) => {
  const known = world.copies.filter(isKnownAtClose({ world, closing }));
  if (!known.some((copy) => copy.stored.event.memo !== undefined)) return undefined;
  for (const copy of known) {
    const kinds = copy.distortion === 'none' ? undefined : KIND_OF[copy.distortion];
    if (kinds !== undefined && !findings.some(({ kind }) => kinds.includes(kind))) {
      return `no finding tells of a wrong ${copy.distortion}`;
    }
    if (copy.extra && !findings.some(({ kind }) => kind === 'second_event')) {
      return `no finding tells of the second ${copy.emission.eventType}`;
    }
  }
  return undefined;
};

const noInventedFinding: Law = ({ world, findings }) => {
  const possible = world.copies.flatMap(({ distortion, extra }) => [
    ...(distortion === 'none' ? [] : KIND_OF[distortion]),
    ...(extra ? ['second_event'] : []),
  ]);
  const invented = findings.find(({ kind }) => !possible.includes(kind));
  return invented === undefined ? undefined : `an invented finding: ${JSON.stringify(invented)}`;
};

const latencyIsTrue: Law = (story) => {
  const { world, result, closing } = story;
  const { totalLatencyMs, outcome, decidedAtMs } = result;
  if ((totalLatencyMs !== undefined) !== (outcome === 'passed')) {
    return `${outcome} with a latency of ${totalLatencyMs}`;
  }
  const waitedMs = decidedAtMs - FIRED_AT_MS;
  if (totalLatencyMs !== undefined && (totalLatencyMs < 0 || totalLatencyMs > waitedMs)) {
    return `a latency of ${totalLatencyMs} ms in ${waitedMs} ms`;
  }
  const { committedMs, observerShareMs } = closing.latencies;
  if ((observerShareMs ?? 0) < 0 || (committedMs ?? 0) < 0) return 'a negative latency';
  if (committedMs === undefined) return undefined;
  const trueMs = completionByTheBook(world.test.path, (name) => {
    const stamps = closing.stamps.filter((stamp) => stamp.name === name);
    const times = stamps.map(({ eventId, frame }) => {
      const copy = world.copies.find(
        ({ stored, ...one }) =>
          one.frame === frame &&
          stored.event.id.producer === eventId.producer &&
          stored.event.id.position === eventId.position,
      );
      return (copy?.trueCommittedAtMs ?? Number.NaN) - FIRED_AT_MS;
    });
    return Math.min(...times);
  });
  if (Math.abs(trueMs - committedMs) <= OFFSET_ERROR_MS) return undefined;
  return `a committed latency of ${committedMs} ms that truly was ${trueMs} ms`;
};

export const LAWS: Readonly<Record<string, Law>> = {
  noFalseFailure,
  noFalsePass,
  inconclusiveWhenBlind,
  refusalsAreTrue,
  noRefundLost,
  noCompletionLost,
  noInventedCorrection,
  degradedIsTrue,
  noFaultLost,
  noInventedFinding,
  latencyIsTrue,
};
