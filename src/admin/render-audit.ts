// Audits for people: a certificate on one screen, the history as a list.
import type { z } from 'zod';
import { dayTime, formatMs } from './format.js';
import type { acknowledgeFindings } from './operations/acknowledge-findings.js';
import type { listAudits } from './operations/list-audits.js';
import type { runAudit } from './operations/run-audit.js';
import type { verifyAudits } from './operations/verify-audits.js';
import type { Colour, Paint } from './paint.js';
import { remarkedTable, renderTable } from './table.js';
import type { CertificateView, FindingView } from './views/certificate-view.js';
import { prose } from './wrap.js';

type Output<O extends { readonly output: z.ZodType }> = z.output<O['output']>;

const COLOURS: Readonly<Record<CertificateView['outcome'], Colour>> = {
  ok: 'green',
  violated: 'red',
  unknown: 'yellow',
};

export function renderAudit({ certificate, full }: Output<typeof runAudit>, paint: Paint): string {
  return [
    ...certificateLines(certificate, paint),
    ...(full === undefined ? [] : ['', fullLine(full, paint)]),
  ].join('\n');
}

function certificateLines(certificate: CertificateView, paint: Paint): readonly string[] {
  const { auditId, decidedAt, findings, hash, headline, matching, number, outcome } = certificate;
  const when = `certificate ${number} of audit ${auditId}, ${dayTime(decidedAt)}`;
  return [
    `${paint(outcome, COLOURS[outcome])}  ${when}`,
    ...(headline === outcome ? [] : prose(headline, paint)),
    '',
    frameTable(certificate, paint),
    ...(matching === undefined || matching.overdue.length === 0
      ? []
      : ['', overdueTable(matching.overdue, paint)]),
    ...(findings.length === 0 ? [] : ['', findingTable(findings, paint)]),
    ...(certificate.standing.length === 0
      ? []
      : prose(`standing: ${certificate.standing.join(', ')}`, paint)),
    ...(certificate.acknowledged.length === 0
      ? []
      : prose(`acknowledged: ${certificate.acknowledged.join(', ')}`, paint)),
    `hash ${hash}`,
  ];
}

function frameTable({ frames }: CertificateView, paint: Paint): string {
  const columns = [
    { title: 'frame' },
    { title: 'outcome' },
    { title: 'position', align: 'right' },
    { title: 'circulating', align: 'right' },
    { title: 'transit net', align: 'right' },
    { title: 'delta', align: 'right' },
  ] as const;
  const rows = frames.map((one) => ({
    cells: [
      one.frame,
      { text: one.outcome, colour: COLOURS[one.outcome] },
      String(one.position ?? '-'),
      one.circulating ?? '-',
      one.transitNet ?? '-',
      one.delta ?? '-',
    ],
    remark: one.reason,
  }));
  return remarkedTable(columns, rows, paint);
}

function findingTable(findings: readonly FindingView[], paint: Paint): string {
  const columns = [
    { title: 'finding' },
    { title: 'frame' },
    { title: 'class' },
    { title: 'delta', align: 'right' },
  ] as const;
  const rows = findings.map((one) => {
    const transfers =
      one.transferIds.length === 0 ? '' : `; transfer ${one.transferIds.join(', ')}`;
    const buckets = one.buckets.length === 0 ? '' : `; buckets ${one.buckets.join(', ')}`;
    return {
      cells: [one.id, one.frame, one.class, one.delta ?? '-'],
      remark: `${one.kind}, ${one.subject}: ${one.evidence}${transfers}${buckets}`,
    };
  });
  return remarkedTable(columns, rows, paint);
}

type Overdue = NonNullable<CertificateView['matching']>['overdue'];

function overdueTable(overdue: Overdue, paint: Paint): string {
  const columns = [
    { title: 'overdue transfer' },
    { title: 'backend' },
    { title: 'amount', align: 'right' },
    { title: 'age', align: 'right' },
  ] as const;
  const rows = overdue.map((one) => [one.transferId, one.backend, one.amount, formatMs(one.ageMs)]);
  return renderTable(columns, rows, paint);
}

function fullLine(full: NonNullable<Output<typeof runAudit>['full']>, paint: Paint): string {
  return full.agrees
    ? `${paint('agrees', 'green')}  all ${full.events} events folded from the first one`
    : `${paint('differs', 'red')}  ${full.problem ?? ''}`;
}

export function renderAudits({ certificates }: Output<typeof listAudits>, paint: Paint): string {
  if (certificates.length === 0) return 'no certificate is stored';
  const columns = [
    { title: 'number', align: 'right' },
    { title: 'decided (UTC)' },
    { title: 'outcome' },
    { title: 'took', align: 'right' },
  ] as const;
  const rows = certificates.map((one) => ({
    cells: [
      String(one.number),
      dayTime(one.decidedAt),
      { text: one.outcome, colour: COLOURS[one.outcome] },
      formatMs(one.durationMs),
    ],
    remark: one.headline === one.outcome ? '' : one.headline,
  }));
  return remarkedTable(columns, rows, paint);
}

export function renderVerification(
  { broken, certificates, events }: Output<typeof verifyAudits>,
  paint: Paint,
): string {
  const what = `${certificates} certificates against ${events} events`;
  if (broken === undefined) return `${paint('holds', 'green')}  ${what}`;
  const why = `certificate ${broken.number} does not hold: ${broken.problem}`;
  return [`${paint('broken', 'red')}  ${what}`, ...prose(why, paint)].join('\n');
}

export function renderAcknowledged({
  acknowledged,
  by,
}: Output<typeof acknowledgeFindings>): string {
  if (acknowledged.length === 0) return 'no finding waits for an explanation';
  return `${acknowledged.join(', ')} acknowledged by ${by}`;
}
