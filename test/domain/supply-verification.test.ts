// The chain of certificates: the first one that does not hold is named, whatever was done to it.
import { describe, expect, test } from 'vitest';
import {
  type CertificateDocument,
  canonicalText,
  sealed,
} from '../../src/domain/supply-certificate.js';
import { type LyingCertificate, verifyChain } from '../../src/domain/supply-verification.js';

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
    'one has white space': [with3(({ text }) => rehashed(` ${text}`)), 3],
  };

describe('the chain of certificates when', () => {
  for (const [name, [chain, broken]] of Object.entries(CASES)) {
    test(name, () => {
      expect(verifyChain(chain, hashOf).broken?.number).toBe(broken);
    });
  }
});
