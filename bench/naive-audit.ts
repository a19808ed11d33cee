// A yardstick: the audit that reads every total live, one after another, as one would write it
// first. Beside it the auditor with its cuts, on the same sandbox at the same time, without a leak.
import type { CutAnswer } from '../src/domain/supply-frame-audit.js';
import type { ProjectionAnswer } from '../src/domain/supply-voices.js';
import { startTraffic } from '../test/activities/audit-campaigns.js';
import { type AuditWorld, openAuditWorld } from '../test/activities/audit-world.js';
import type { BenchRow } from './report.js';

const AUDITS = Number(process.env.BENCH_NAIVE_AUDITS ?? '200');
const SEED = 20_261_127;

export async function benchNaiveAudit(postgresUrl: string): Promise<readonly BenchRow[]> {
  const world = await openAuditWorld(postgresUrl);
  const counts = { perFrame: 0, overAll: 0, ours: 0, unknown: 0 };
  try {
    const traffic = startTraffic(world, SEED);
    for (let audit = 0; audit < AUDITS; audit += 1) {
      const naive = await readLive(world);
      if (naive.some((delta) => delta !== 0n)) counts.perFrame += 1;
      if (naive.reduce((sum, delta) => sum + delta, 0n) !== 0n) counts.overAll += 1;
      const { findings, outcome } = await world.audit();
      if (outcome === 'violated' || findings.length > 0) counts.ours += 1;
      if (outcome === 'unknown') counts.unknown += 1;
    }
    await traffic.stop();
  } finally {
    await world.close();
  }
  const row = (name: string, count: number) => ({ name, unit: `of ${AUDITS}`, samples: [count] });
  return [
    row('false alarms, totals read live, per frame', counts.perFrame),
    row('false alarms, totals read live, sum of all frames', counts.overAll),
    row('false alarms, cuts (ours)', counts.ours),
    row('outcome unknown, cuts (ours)', counts.unknown),
  ];
}

/** Each frame's ledger as it is now, then what its EventStore says now. */
async function readLive({ platform, sandbox }: AuditWorld): Promise<readonly bigint[]> {
  const deltas: bigint[] = [];
  for (const { id } of sandbox.frames) {
    const { circulating } = live(await platform.cut(id));
    const { destroyed, issued, transitNet } = told(await platform.projection(id));
    deltas.push(issued - destroyed + transitNet - circulating);
  }
  return deltas;
}

function live(answer: CutAnswer) {
  if (answer.kind === 'cut') return answer.cut;
  throw new Error(`no ledger: ${JSON.stringify(answer)}`);
}

function told(answer: ProjectionAnswer) {
  if (answer.kind === 'projection') return answer.projection;
  throw new Error(`no projection: ${JSON.stringify(answer)}`);
}
