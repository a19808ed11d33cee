// The reactor in one thread: validators, workflow, look-back and close, each reduced to the calls
// that it makes into the domain (design, decisions 5 to 10). Time is a queue.
import { closeTest, type FrameStoredEvent, stampsInStore } from '../../../src/domain/closing.js';
import { decides } from '../../../src/domain/contract.js';
import { type Correction, correctionsOf } from '../../../src/domain/correction.js';
import { formatEventId, sameEvent, VALIDATED_EVENT_TYPES } from '../../../src/domain/event.js';
import { examine, impossibleStamp, secondEvent } from '../../../src/domain/examination.js';
import type { Finding } from '../../../src/domain/finding.js';
import type { FireOutcome } from '../../../src/domain/fire.js';
import type { ClockOffsets } from '../../../src/domain/latency.js';
import { testIdOf } from '../../../src/domain/memo.js';
import { type Closing, type Result, resultOf } from '../../../src/domain/result.js';
import { type Stamp, stampNameOf, stampOf } from '../../../src/domain/stamp.js';
import {
  type DecidedVerdict,
  decide,
  decideAfterLookBack,
  type LookBack,
} from '../../../src/domain/verdict.js';
import { FIRED_AT_MS } from '../builders.js';
import type { Copy, World } from './world.js';

/** How far any frame's clock may be from ours, as the verdict is told. */
export const CLOCK_ERROR_MS = 100;
/** How far our figure of a frame's offset may be off. */
export const OFFSET_ERROR_MS = 20;
/** The workflow's timer starts a little before the fire is noted, and ends a little later. */
const FIRE_MARGIN_MS = 2_000;
const FEE_WAIT_MS = 60_000;
/** What a dead validator had seen so shortly before had not passed its watermark yet. */
const UNACKNOWLEDGED_MS = 2_000;

/** What remains of a test when everything has happened. */
export interface Story {
  readonly world: World;
  readonly result: Result;
  readonly closing: Closing;
  readonly lookedBackAtMs: number | undefined;
  readonly corrections: readonly Correction[];
  readonly findings: readonly Finding[];
  readonly stamps: readonly Stamp[];
}

interface Run {
  readonly world: World;
  readonly queue: { readonly atMs: number; readonly happen: (nowMs: number) => void }[];
  /** The stamp store, by frame and name. */
  readonly store: Map<string, Stamp>;
  readonly findings: Map<string, Finding>;
  readonly corrections: Map<string, Correction>;
  /** What the workflow knows. */
  readonly stamps: Stamp[];
  fire: FireOutcome;
  /** Fee events whose transfer is not known yet; `undefined` once it is. */
  held: { readonly copy: Copy; readonly seenAtMs: number }[] | undefined;
  result: Result | undefined;
  closing: Closing | undefined;
  lookedBackAtMs: number | undefined;
}

/** Plays a world to its end. */
export function play(world: World): Story {
  const run: Run = {
    world,
    queue: [],
    store: new Map(),
    findings: new Map(),
    corrections: new Map(),
    stamps: [],
    fire: { kind: 'pending' },
    held: [],
    result: undefined,
    closing: undefined,
    lookedBackAtMs: undefined,
  };
  const { fire } = world.scenario;
  at(run, FIRED_AT_MS + fire.answerMs, (nowMs) => answer(run, nowMs));
  for (const copy of world.copies) {
    for (const atMs of sightsOf(world, copy)) at(run, atMs, (nowMs) => see(run, copy, nowMs));
  }
  const deadlineMs = FIRED_AT_MS + world.test.deadlines.finalMs + FIRE_MARGIN_MS;
  at(run, deadlineMs + world.scenario.sleptMs, (nowMs) => lookBack(run, nowMs));
  drain(run.queue);
  const { result, closing, lookedBackAtMs } = run;
  if (result === undefined || closing === undefined) throw new Error('a test without an end');
  return {
    world,
    result,
    closing,
    lookedBackAtMs,
    corrections: [...run.corrections.values()],
    findings: [...run.findings.values()],
    stamps: [...run.store.values()],
  };
}

function at(run: Run, atMs: number, happen: (nowMs: number) => void): void {
  run.queue.push({ atMs, happen });
}

function drain(queue: Run['queue']): void {
  while (queue.length > 0) {
    const first = queue.reduce((one, other) => (other.atMs < one.atMs ? other : one));
    queue.splice(queue.indexOf(first), 1);
    first.happen(first.atMs);
  }
}

/** When the validator sees a copy: an outage delays it, and repeats the unacknowledged. */
function sightsOf({ fateOfFrame }: World, copy: Copy): readonly number[] {
  if (copy.fate.unseen) return [];
  const seenAtMs = copy.trueStoredAtMs + copy.fate.seenMs;
  const outage = fateOfFrame[copy.frame]?.outage;
  if (outage === undefined) return [seenAtMs];
  const fromMs = FIRED_AT_MS + outage.fromMs;
  const backAtMs = fromMs + outage.lastsMs;
  if (seenAtMs < fromMs - UNACKNOWLEDGED_MS || seenAtMs >= backAtMs) return [seenAtMs];
  return seenAtMs < fromMs ? [seenAtMs, backAtMs] : [backAtMs];
}

function answer(run: Run, nowMs: number): void {
  const { kind, afterDoubt } = run.world.scenario.fire;
  const message = 'the platform says no';
  if (kind === 'accepted') {
    run.fire = { kind, transferId: 'transfer', acceptedAtMs: nowMs };
    learnTransfer(run, nowMs);
  }
  if (kind === 'refused') run.fire = { kind, code: 'refused', message, afterDoubt };
  if (kind === 'unpaid') run.fire = { kind, message, afterDoubt };
  if (kind === 'unanswered') run.fire = { kind, message };
  reconsider(run, nowMs);
}

/** The reverse index is written: fee events that waited for it, not too long, are seen now. */
function learnTransfer(run: Run, nowMs: number): void {
  const held = run.held ?? [];
  run.held = undefined;
  for (const { copy, seenAtMs } of held) {
    if (nowMs - seenAtMs <= FEE_WAIT_MS) raise(run, copy, seenAtMs, nowMs);
  }
}

function see(run: Run, copy: Copy, nowMs: number): void {
  const { event } = copy.stored;
  if (event.memo === undefined && run.held !== undefined) {
    run.held.push({ copy, seenAtMs: nowMs });
    return;
  }
  if (event.memo !== undefined && testIdOf(event.memo) !== run.world.test.testId) return;
  raise(run, copy, nowMs, nowMs);
}

/** What a validator does with an event of a known test (decision 7). */
function raise(run: Run, copy: Copy, seenAtMs: number, nowMs: number): void {
  const { test } = run.world;
  const { event } = copy.stored;
  const eventType = VALIDATED_EVENT_TYPES.find((type) => type === event.eventType);
  if (eventType === undefined) return;
  const differences = examine(test, event);
  if (differences.length > 0) {
    note(run, differences);
    return;
  }
  const name = stampNameOf(eventType, event.sourceFrame, copy.frame);
  if (name === 'tokens_xfer') learnTransfer(run, nowMs);
  const key = `${copy.frame}/${name}`;
  const kept = run.store.get(key) ?? stampOf(copy.stored, name, copy.frame, seenAtMs);
  run.store.set(key, kept);
  if (!sameEvent(kept.eventId, event.id)) {
    const first = formatEventId(kept.eventId);
    note(run, [secondEvent(test, copy.frame, name, first, event)]);
    return;
  }
  const impossible = impossibleStamp(test, copy.frame, name, event);
  if (impossible !== undefined) note(run, [impossible]);
  if (!decides(test.path.backend, name)) return;
  at(run, nowMs + copy.fate.signalMs, (laterMs) => signal(run, kept, laterMs));
}

function note(run: Run, findings: readonly Finding[]): void {
  for (const one of findings) run.findings.set(`${one.kind} ${one.subject}`, one);
}

function signal(run: Run, stamp: Stamp, nowMs: number): void {
  run.stamps.push(stamp);
  if (run.result !== undefined) correct(run, run.result, run.stamps);
  reconsider(run, nowMs);
}

function reconsider(run: Run, nowMs: number): void {
  if (run.result !== undefined) return;
  const { fire, stamps } = run;
  const facts = { fire, stamps, firedAtMs: FIRED_AT_MS };
  const verdict = decide(run.world.test, facts, CLOCK_ERROR_MS);
  if (verdict.kind !== 'pending') record(run, verdict, nowMs);
}

function lookBack(run: Run, nowMs: number): void {
  if (run.result !== undefined) return;
  const { scenario, frames, fateOfFrame, test } = run.world;
  const away = frames.filter((frame) => fateOfFrame[frame]?.awayAtLookBack === true);
  const events = heldEvents(run, nowMs).filter(({ frame }) => !away.includes(frame));
  const storeReachable = !scenario.storeAwayAtLookBack;
  const found: LookBack = {
    stamps: storeReachable ? [...run.store.values()] : [],
    unseen: stampsInStore(test, events),
    anyEvent: events.length > 0,
    offsets: offsetsOf(run.world),
    unreachableFrames: away,
    storeReachable,
    fire: run.fire,
    firedAtMs: storeReachable ? FIRED_AT_MS : undefined,
    askedAtMs: nowMs,
  };
  const { fire, stamps } = run;
  const facts = { fire, stamps: [...stamps], firedAtMs: FIRED_AT_MS };
  const verdict = decideAfterLookBack(test, facts, found, CLOCK_ERROR_MS);
  run.lookedBackAtMs = nowMs;
  stamps.push(...found.stamps);
  record(run, verdict, nowMs);
  if (run.result !== undefined) correct(run, run.result, [...stamps, ...found.unseen]);
}

/** Stores the verdict, and makes sure that the test is closed (decisions 9 and 10). */
function record(run: Run, verdict: DecidedVerdict, nowMs: number): void {
  const { fire, stamps, world } = run;
  const facts = { fire, stamps, firedAtMs: FIRED_AT_MS, offsets: offsetsOf(world) };
  run.result = resultOf(world.test, verdict, facts, nowMs);
  correct(run, run.result, stamps);
  const softAtMs = FIRED_AT_MS + world.test.deadlines.softMs;
  at(run, Math.max(nowMs, softAtMs) + 1, (laterMs) => close(run, laterMs));
}

function correct(run: Run, result: Result, stamps: readonly Stamp[]): void {
  for (const one of correctionsOf(run.world.test, result, stamps)) {
    run.corrections.set(one.kind, one);
  }
}

function close(run: Run, nowMs: number): void {
  const { world, result } = run;
  if (result === undefined) return;
  const stamps = [...run.store.values()];
  const away = world.frames.filter((frame) => world.fateOfFrame[frame]?.awayAtClose === true);
  const events = heldEvents(run, nowMs).filter(({ frame }) => !away.includes(frame));
  const facts = {
    outcome: result.outcome,
    firedAtMs: FIRED_AT_MS,
    stamps,
    events,
    frames: world.frames,
    unaskedFrames: away,
    offsets: offsetsOf(world),
  };
  run.closing = closeTest(world.test, facts, nowMs);
  note(run, run.closing.findings);
  correct(run, result, [...stamps, ...stampsInStore(world.test, events)]);
}

/** What the stores answer now: by memo, and by transfer id once anything has told it. */
function heldEvents(run: Run, nowMs: number): readonly FrameStoredEvent[] {
  const held = run.world.copies.filter((copy) => copy.trueStoredAtMs <= nowMs);
  const known = run.held === undefined || held.some((copy) => copy.stored.event.memo !== undefined);
  return held.filter((copy) => known || copy.stored.event.memo !== undefined);
}

function offsetsOf({ frames, fateOfFrame }: World): ClockOffsets {
  const measured = frames.map((frame) => {
    const { offsetMs = 0, misjudgedMs = 0 } = fateOfFrame[frame] ?? {};
    return [frame, { offsetMs: offsetMs + misjudgedMs, errorMs: OFFSET_ERROR_MS }] as const;
  });
  return Object.fromEntries(measured);
}
