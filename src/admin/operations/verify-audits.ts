// The operation `audit verify`: the chain of all certificates, and their figures from the events.
import { z } from 'zod';
import { sha256Hex } from '../../adapters/sha256.js';
import { verifyChain } from '../../domain/supply-verification.js';
import type { StoredCertificate } from '../../ports.js';
import type { AuditReads } from '../admin-dependencies.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import { recountDocuments } from './recount-documents.js';

const PAGE_CERTIFICATES = 1_000;

export const verifyAudits = operation({
  name: 'auditVerify',
  summary: 'recompute the chain of certificates, and their totals from the events',
  role: 'read',
  input: z.strictObject({}),
  output: z.strictObject({
    certificates: z.int(),
    events: z.int(),
    holds: z.boolean(),
    /** The first certificate that does not hold. */
    broken: z.strictObject({ number: z.int(), problem: z.string() }).optional(),
  }),
  async run(deps, _input, context) {
    const all = await readAll(deps.supply);
    const chain = verifyChain(all, sha256Hex);
    const { broken, events } = await recountDocuments(deps, chain.documents, context);
    // A figure that is wrong before the chain breaks is the earlier fault.
    const first = broken[0] ?? chain.broken;
    const certificates = all.length;
    if (first === undefined) return done({ certificates, events, holds: true });
    return done({ certificates, events, holds: false, broken: { ...first } });
  },
});

/** Every certificate, the oldest first. */
async function readAll(
  supply: Pick<AuditReads, 'certificates'>,
): Promise<readonly StoredCertificate[]> {
  const pages: StoredCertificate[] = [];
  for (let below: number | undefined; ; ) {
    const query = below === undefined ? {} : { below };
    const page = await supply.certificates({ limit: PAGE_CERTIFICATES, ...query });
    pages.push(...page);
    if (page.length < PAGE_CERTIFICATES) return pages.reverse();
    below = page.at(-1)?.number;
  }
}
