// Closed word lists are complete: the compiler demands every word, the test that none is missing.
import { describe, expect, expectTypeOf, test } from 'vitest';
import { BACKENDS, type Backend, isBackend } from '../../src/domain/backend.js';
import { CORRECTION_KINDS, type CorrectionKind } from '../../src/domain/correction.js';
import type { TransferEventType, ValidatedEventType } from '../../src/domain/event.js';
import { formatEventId, sameEvent, VALIDATED_EVENT_TYPES } from '../../src/domain/event.js';
import { FINDING_KINDS, type FindingKind } from '../../src/domain/finding.js';
import { frameIds } from '../../src/domain/frame.js';
import { STAMP_NAMES, type StampName } from '../../src/domain/stamp.js';
import {
  type DecidedVerdict,
  FAILURE_SIGNALS,
  type FailureSignal,
  OUTCOMES,
  type Outcome,
  PHASES,
  type Phase,
  type Verdict,
} from '../../src/domain/verdict.js';
import { REFERENCE } from './builders.js';

/** A literal of this type must name every word, so a new word that a list forgets turns it red. */
type Every<Word extends string> = Readonly<Record<Word, true>>;

const EVERY_BACKEND: Every<Backend> = { intra: true, async: true, '2pc': true };
const EVERY_STAMP: Every<StampName> = {
  tokens_xfer: true,
  fee_collected: true,
  cf_initiated: true,
  cf_settled_local: true,
  cf_settled_remote: true,
  cf_refunded: true,
};
const EVERY_OUTCOME: Every<Outcome> = {
  passed: true,
  failed: true,
  observer: true,
  inconclusive: true,
  unpaid: true,
};
const EVERY_SIGNAL: Every<FailureSignal> = {
  refunded: true,
  timeout: true,
  rejected: true,
  unreachable: true,
};
const EVERY_PHASE: Every<Phase> = {
  fire: true,
  debit: true,
  initiation: true,
  settlement: true,
  observation: true,
};
const EVERY_VALIDATED: Every<ValidatedEventType> = {
  TokensTransferred: true,
  TransactionFeeCollected: true,
  CrossFrameTransferInitiated: true,
  CrossFrameTransferSettled: true,
  CrossFrameTransferRefunded: true,
};

function check(list: readonly string[], every: Every<string>) {
  expect([...list].sort()).toEqual(Object.keys(every).sort());
}

describe('complete and without doubles', () => {
  test.each<readonly [string, readonly string[], Every<string>]>([
    ['backends', BACKENDS, EVERY_BACKEND],
    ['stamps', STAMP_NAMES, EVERY_STAMP],
    ['outcomes', OUTCOMES, EVERY_OUTCOME],
    ['failure signals', FAILURE_SIGNALS, EVERY_SIGNAL],
    ['phases', PHASES, EVERY_PHASE],
    ['event types that validators follow', VALIDATED_EVENT_TYPES, EVERY_VALIDATED],
  ])('%s', (_, list, every) => check(list, every));

  test.each([
    ['finding kinds', FINDING_KINDS],
    ['correction kinds', CORRECTION_KINDS],
  ])('%s', (_, list) => expect(new Set(list).size).toBe(list.length));
});

test('types say what the glossary says', () => {
  expectTypeOf<DecidedVerdict['kind']>().toEqualTypeOf<Outcome>();
  expectTypeOf<Verdict['kind']>().toEqualTypeOf<Outcome | 'pending'>();
  expectTypeOf<TransferEventType>().toEqualTypeOf<
    ValidatedEventType | 'CrossRegistryTransferCompleted'
  >();
  expectTypeOf<(typeof FINDING_KINDS)[number]>().toEqualTypeOf<FindingKind>();
  expectTypeOf<(typeof CORRECTION_KINDS)[number]>().toEqualTypeOf<CorrectionKind>();
  expectTypeOf<
    Extract<DecidedVerdict, { kind: 'failed' }>['signal']
  >().toEqualTypeOf<FailureSignal>();
});

describe('small words', () => {
  test.each([
    ['intra', true],
    ['2pc', true],
    ['2PC', false],
    ['server', false],
    ['constructor', false],
    ['', false],
  ])('%j is a backend: %s', (text, known) => expect(isBackend(text)).toBe(known));

  test('an event is named by producer and position together', () => {
    const id = { producer: 'teg-a', position: 1041 };
    expect(formatEventId(id)).toBe('teg-a/1041');
    expect(sameEvent(id, { ...id })).toBe(true);
    expect(sameEvent(id, { ...id, position: 1042 })).toBe(false);
    expect(sameEvent(id, { ...id, producer: 'teg-b' })).toBe(false);
  });

  test('frames in configuration order', () => expect(frameIds(REFERENCE)).toEqual(['A', 'B']));
});
