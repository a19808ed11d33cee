// The chain of certificates: the first one that does not hold is named, whatever was done to it.
import { describe, expect, test } from 'vitest';
import {
  bucketDigest,
  type CertificateDocument,
  canonicalText,
  type FrameDecision,
  figuresOf,
  sealed,
} from '../../src/domain/supply-certificate.js';
import { foldEvents, noTotals } from '../../src/domain/supply-fold.js';
import {
  beginRecount,
  brokenClaims,
  type LyingCertificate,
  recount,
  verifyChain,
} from '../../src/domain/supply-verification.js';
import { headOf, weightOf } from './supply-samples.js';

/** A hash good enough to tell texts apart. */
function hashOf(text: string): string {
  let hash = 7;
  for (const char of text) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0;
  return String(hash);
}

function chainOf(count: number): readonly LyingCertificate[] {
  const chain: LyingCertificate[] = [];
  for (let number = 1; number <= count; number += 1) {
    const document: CertificateDocument = {
      number,
      auditId: `a${number}`,
      startedAtMs: 1,
      decidedAtMs: 2,
      outcome: 'ok',
      frames: [],
      findings: [],
      standing: [],
      acknowledged: [],
      closed: [],
      previousHash: chain.at(-1)?.hash ?? '0'.repeat(64),
    };
    const { hash } = sealed(document, hashOf);
    chain.push({ number, text: canonicalText(document), hash });
  }
  return chain;
}

const CHAIN = chainOf(5);

/** The chain with certificate 3 changed. */
function with3(change: (one: LyingCertificate) => Partial<LyingCertificate>) {
  return CHAIN.map((one) => (one.number === 3 ? { ...one, ...change(one) } : one));
}

function rehashed(text: string): Partial<LyingCertificate> {
  return { text, hash: hashOf(text) };
}

const CASES: Readonly<Record<string, readonly [readonly LyingCertificate[], number | undefined]>> =
  {
    'nothing was done': [CHAIN, undefined],
    'there is none': [[], undefined],
    'one was altered': [with3(({ text }) => ({ text: text.replace('"ok"', '"violated"') })), 3],
    'one was altered and hashed anew': [
      with3(({ text }) => rehashed(text.replace('"ok"', '"violated"'))),
      4,
    ],
    'one was taken out': [CHAIN.filter(({ number }) => number !== 3), 4],
    'the first was taken out': [CHAIN.slice(1), 2],
    'one stands under another number': [
      with3(({ text }) => rehashed(text.replace(':3,', ':9,'))),
      3,
    ],
    'one is no JSON': [with3(() => rehashed('{')), 3],
    'one is null': [with3(() => rehashed('null')), 3],
    'one is of no frames': [
      with3(({ text }) => rehashed(text.replace('"frames":[]', '"frames":{}'))),
      3,
    ],
    'one has white space': [with3(({ text }) => rehashed(` ${text}`)), 3],
  };

describe('the chain of certificates when', () => {
  for (const [name, [chain, broken]] of Object.entries(CASES)) {
    test(name, () => {
      expect(verifyChain(chain, hashOf).broken?.number).toBe(broken);
    });
  }
});

describe('the figures of a certificate', () => {
  const events = [
    { ...headOf('A', 1), kind: 'issued' as const, account: 'A1:a', amountBaseUnits: 5n },
  ];
  const totals = foldEvents(noTotals(2), events, weightOf);
  const honest: FrameDecision = {
    position: 1,
    grade: 'snapshot',
    producer: 'teg-a',
    clockMs: 0,
    events: figuresOf(totals),
    ledgerCirculating: '6',
    delta: '1',
    bucketDigest: bucketDigest(totals, hashOf),
    lost: [],
  };
  test.each([
    ['are those of the events', {}, undefined],
    ['name another sum', { events: { ...honest.events, issued: '4' } }, 'the events give'],
    ['name other buckets', { bucketDigest: 'x' }, 'not that of the events'],
    ['hide a difference', { delta: '0' }, 'it says delta 0, its own figures give 1'],
    ['turn a difference round', { delta: '-1' }, 'its own figures give 1'],
    ['hold no amount', { ledgerCirculating: 'six' }, 'six, which is no amount'],
  ] satisfies [string, Partial<FrameDecision>, string | undefined][])('%s', (_, over, problem) => {
    const claims = [{ number: 3, decision: { ...honest, ...over } }];
    const recounted = beginRecount(claims, 2);
    recount(recounted, claims, events, weightOf);
    const broken = brokenClaims(recounted, claims, { weightOf, hashOf });
    expect(broken).toEqual(
      problem === undefined ? [] : [{ number: 3, problem: expect.stringContaining(problem) }],
    );
  });
});
