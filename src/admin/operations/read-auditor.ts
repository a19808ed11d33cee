// The operation `auditor`: everything that the auditor's page shows, in one cheap reading.
import { z } from 'zod';
import { sha256Hex } from '../../adapters/sha256.js';
import { canaryAgents } from '../../domain/frame.js';
import { type CertificateDocument, NO_CERTIFICATE } from '../../domain/supply-certificate.js';
import { verifyChain } from '../../domain/supply-verification.js';
import type { StoredCertificate } from '../../ports.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import {
  type AuditorView,
  auditorFindingView,
  auditorSchema,
  equationView,
  linkView,
  transitView,
} from '../views/auditor-view.js';
import { readSupply } from '../views/supply-view.js';
import { utc } from '../views/time.js';

/** An hour of audits. */
const CERTIFICATES_SHOWN = 60;
const FINDINGS_SHOWN = 20;
/** So many of the newest findings are looked through for one that is closed. */
const FINDINGS_LOOKED_AT = 50;

export const readAuditor = operation({
  name: 'auditor',
  summary: 'show whether the supply is zero and since when, with equation, chain and findings',
  role: 'read',
  input: z.strictObject({}),
  output: auditorSchema,
  async run({ clock, config, supply }) {
    const [newest, state, standing, recent, records] = await Promise.all([
      // One more than is shown: the oldest shown must follow from something.
      supply.certificates({ limit: CERTIFICATES_SHOWN + 1 }),
      readSupply(supply),
      supply.findings({ standing: true, limit: FINDINGS_SHOWN }),
      supply.findings({ standing: false, limit: FINDINGS_LOOKED_AT }),
      supply.transfers([]),
    ]);
    const shown = newest.slice(0, CERTIFICATES_SHOWN);
    const documents = shown.map(({ text }) => JSON.parse(text) as CertificateDocument);
    const decided = documents.find(({ frames }) => frames.some(({ decision }) => decision));
    const matched = documents.find(({ matching }) => matching !== undefined)?.matching;
    const lastClosed = recent.find(({ closedBy }) => closedBy !== undefined);
    const { interval, buckets, openLimits } = config.audit;
    return done({
      at: utc(clock.nowMs()),
      state,
      before: state && beforeOf(documents, state.outcome),
      eventStores: Object.fromEntries(
        config.platform.frames.map(({ eventStore, id }) => [id, eventStore]),
      ),
      ...{ intervalMs: interval, buckets, openLimitsMs: { ...openLimits } },
      equation: decided && equationView(decided),
      chain: documents.map((document, index) => linkView(document, shown[index]?.hash ?? '')),
      ...chainOf(newest),
      transit: transitView(
        records,
        matched?.overdue.length ?? 0,
        new Set(canaryAgents(config.topology)),
      ),
      standing: standing.map(auditorFindingView),
      lastClosed: lastClosed && auditorFindingView(lastClosed),
    });
  },
});

/** The newest certificate that says something else, if it is among those shown. */
function beforeOf(
  documents: readonly CertificateDocument[],
  outcome: CertificateDocument['outcome'],
): AuditorView['before'] {
  const before = documents.find((document) => document.outcome !== outcome);
  if (before === undefined) return undefined;
  return { number: before.number, outcome: before.outcome, decidedAt: utc(before.decidedAtMs) };
}

/** Whether the certificates shown follow from each other; the first one stands on nothing. */
function chainOf(newest: readonly StoredCertificate[]): Pick<AuditorView, 'chainHolds' | 'broken'> {
  const oldestFirst = [...newest].reverse();
  const [oldest] = oldestFirst;
  const begins = oldest === undefined || newest.length <= CERTIFICATES_SHOWN;
  const { broken } = begins
    ? verifyChain(oldestFirst, sha256Hex, NO_CERTIFICATE)
    : verifyChain(oldestFirst.slice(1), sha256Hex, oldest);
  return broken === undefined ? { chainHolds: true } : { chainHolds: false, broken };
}
