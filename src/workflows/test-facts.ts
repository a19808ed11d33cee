// What a test's workflow knows while it runs, and how the Temporal UI shows it.
import type { Finding } from '../domain/finding.js';
import type { FireOutcome } from '../domain/fire.js';
import type { Stamp } from '../domain/stamp.js';
import type { CanaryTest } from '../domain/test.js';
import type { DecidedVerdict, Outcome } from '../domain/verdict.js';

export interface Facts {
  fire: FireOutcome;
  firedAtMs: number | undefined;
  readonly stamps: Stamp[];
  /** What only an EventStore knew: no verdict but `observer` rests on it, corrections may. */
  readonly unseen: Stamp[];
  readonly findings: Finding[];
  /** How many signals have come, and how many of them are recorded. */
  received: number;
  recorded: number;
  verdict: DecidedVerdict | undefined;
  /** What is stored: the verdict's label, once it is recorded. */
  outcome: Outcome | undefined;
}

/** What a test knows before it has begun. */
export function noFacts(): Facts {
  return {
    fire: { kind: 'pending' },
    firedAtMs: undefined,
    stamps: [],
    unseen: [],
    findings: [],
    received: 0,
    recorded: 0,
    verdict: undefined,
    outcome: undefined,
  };
}

/** The current details of the workflow, Markdown: the verdict so far, and what was heard. */
export function describeTest(test: CanaryTest, facts: Facts): string {
  const { path, deadlines } = test;
  const heard = facts.stamps.map(({ name, frame }) => `- ${name} at ${frame}`);
  const found = facts.findings.map(({ kind, subject }) => `- finding ${kind}: ${subject}`);
  return [
    `**${describeVerdict(facts)}** ${path.sender} → ${path.receiver} by ${path.backend}, `,
    `final deadline ${deadlines.finalMs / 1000} s`,
    ...[...heard, ...found].map((line) => `\n${line}`),
  ].join('');
}

function describeVerdict({ verdict, outcome }: Facts): string {
  if (verdict === undefined) return 'pending';
  if (outcome === undefined) return `${verdict.kind}, not stored yet`;
  if (verdict.kind !== outcome || verdict.kind === 'passed') return outcome;
  const signal = verdict.kind === 'failed' ? `: ${verdict.signal}, phase ${verdict.phase}` : '';
  return `${outcome}${signal} (${verdict.reason})`;
}
