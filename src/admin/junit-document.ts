// A cycle as JUnit XML, as build servers read it: a suite of the cycle, a case of every path.
import type { Path, PathId } from '../domain/path.js';
import type { PausedPath } from '../domain/window.js';
import type { StoredResult } from '../ports.js';
import { flagsOf, type ResultView, resultView } from './views/result-view.js';
import { type XmlElement, xmlDocument } from './xml.js';

/** What is known of a cycle once the wait for it has ended, whichever way. */
export interface CycleReport {
  readonly cycleId: string;
  readonly askedAtMs: number;
  /** The paths that it was to fire. */
  readonly paths: readonly Path[];
  /** Of these, those that an operator had paused when it was asked for. */
  readonly paused: readonly PausedPath[];
  readonly results: readonly StoredResult[];
  /** Why a path that was not paused has no result. */
  readonly undecided: string;
}

/**
 * What spoils the cycle is a failure where the platform did it, and an error where the test could
 * not be carried out; a path that is paused or in maintenance is not judged and cannot be either.
 */
type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly message: string }
  | {
      readonly kind: 'failure' | 'error';
      readonly type: string;
      readonly message: string;
      readonly text: string;
    };

interface Case {
  readonly path: Path;
  readonly result: ResultView | undefined;
  readonly verdict: Verdict;
}

export function junitDocument(report: CycleReport): string {
  const results = new Map(report.results.map((one) => [one.pathId, resultView(one)]));
  const cases = report.paths.map((path): Case => {
    const result = results.get(path.id);
    const verdict = result === undefined ? unfired(path.id, report) : verdictOf(result);
    return { path, result, verdict };
  });
  const counts = countsOf(cases);
  const suite: XmlElement = {
    name: 'testsuite',
    attributes: {
      name: `cycle ${report.cycleId}`,
      ...counts,
      timestamp: new Date(report.askedAtMs).toISOString().slice(0, 19),
    },
    children: cases.map(elementOf),
  };
  const attributes = { name: 'canary', ...counts };
  return xmlDocument({ name: 'testsuites', attributes, children: [suite] });
}

function countsOf(cases: readonly Case[]) {
  const count = (kind: Verdict['kind']) =>
    cases.filter(({ verdict }) => verdict.kind === kind).length;
  const totalMs = cases.reduce((sum, { result }) => sum + (result?.totalLatencyMs ?? 0), 0);
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(totalMs),
  };
}

function elementOf({ path, result, verdict }: Case): XmlElement {
  const time = result?.totalLatencyMs;
  return {
    name: 'testcase',
    attributes: {
      name: path.id,
      classname: `canary.${path.backend}`,
      time: time === undefined ? undefined : seconds(time),
    },
    children: outcomeOf(verdict),
  };
}

function outcomeOf(verdict: Verdict): readonly XmlElement[] {
  switch (verdict.kind) {
    case 'passed':
      return [];
    case 'skipped':
      return [{ name: 'skipped', attributes: { message: verdict.message } }];
    case 'failure':
    case 'error': {
      const { kind, message, text, type } = verdict;
      return [{ name: kind, attributes: { type, message }, text }];
    }
  }
}

function unfired(pathId: PathId, { cycleId, paused, undecided }: CycleReport): Verdict {
  const pause = paused.find((one) => one.pathId === pathId);
  if (pause !== undefined) return { kind: 'skipped', message: pause.reason };
  const text = `cycle ${cycleId}`;
  return { kind: 'error', type: 'undecided', message: undecided, text };
}

function verdictOf(result: ResultView): Verdict {
  if (result.clean) return { kind: 'passed' };
  const { failureSignal, maintenance, outcome, phase, reason } = result;
  const signal = failureSignal === undefined ? outcome : `${outcome}: ${failureSignal}`;
  const about = [signal, ...(phase === undefined ? [] : [`phase ${phase}`]), ...flagsOf(result)];
  const message = [about.join(', '), ...(reason === '' ? [] : [reason])].join('; ');
  if (maintenance) return { kind: 'skipped', message };
  return {
    kind: isOfPlatform(result) ? 'failure' : 'error',
    type: failureSignal ?? (outcome === 'passed' ? 'unclean' : outcome),
    message,
    text: detailsOf(result).join('\n'),
  };
}

/** Whether the platform failed, rather than we to look at it or to fire at all. */
function isOfPlatform({ degraded, findingCount, outcome }: ResultView): boolean {
  return outcome === 'failed' || (outcome === 'passed' && (degraded || findingCount > 0));
}

function detailsOf(result: ResultView): readonly string[] {
  const { absent, absentEvents, missing, transferId, unaskedFrames, unobserved } = result;
  const at = (stamps: ResultView['absent']) =>
    stamps.map(({ frame, stamp }) => `${stamp} at ${frame}`).join(', ');
  const events = absentEvents.map(({ frame, eventType }) => `${eventType} of ${frame}`).join(', ');
  return [
    ['test', result.testId],
    ['transfer', transferId ?? ''],
    ['phase', result.phase ?? ''],
    ['reason', result.reason],
    ['missing for the verdict', missing.join(', ')],
    ['expected and never came', at(absent)],
    ['events never emitted', events],
    ['EventStores that could not be asked', unaskedFrames.join(', ')],
    ['in the EventStore, seen by no validator', at(unobserved)],
  ].flatMap(([what, text]) => (text === '' ? [] : [`${what}: ${text}`]));
}

/** Milliseconds as seconds, as JUnit counts. */
function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
