// What the newest certificate of the supply audits says, and for how long audits have said so.
import { z } from 'zod';
import {
  AUDIT_OUTCOMES,
  type AuditOutcome,
  type CertificateDocument,
  headline,
} from '../../domain/supply-certificate.js';
import type { CertificateQuery, SupplyStore } from '../../ports.js';
import { timeSchema, utc } from './time.js';

export const supplySchema = z.strictObject({
  outcome: z.enum(AUDIT_OUTCOMES),
  certificate: z.int(),
  decidedAt: timeSchema,
  /** When the first certificate of the same outcome in a row was decided. */
  since: timeSchema,
  headline: z.string(),
});

export type SupplyView = z.infer<typeof supplySchema>;

/** `undefined` before the first audit. Throws `StoreUnavailableError`. */
export async function readSupply(
  store: Pick<SupplyStore, 'certificates'>,
): Promise<SupplyView | undefined> {
  const last = await newest(store, {});
  if (last === undefined) return undefined;
  const since = await newest(store, { below: (await lastOtherwise(store, last.outcome)) + 2 });
  return {
    outcome: last.outcome,
    certificate: last.number,
    decidedAt: utc(last.decidedAtMs),
    since: utc((since ?? last).decidedAtMs),
    headline: headline(last),
  };
}

/** The number of the newest certificate of another outcome, 0 where there is none. */
async function lastOtherwise(
  store: Pick<SupplyStore, 'certificates'>,
  outcome: AuditOutcome,
): Promise<number> {
  const others = AUDIT_OUTCOMES.filter((one) => one !== outcome);
  const found = await Promise.all(others.map((other) => newest(store, { outcome: other })));
  return Math.max(0, ...found.flatMap((one) => one?.number ?? []));
}

async function newest(
  store: Pick<SupplyStore, 'certificates'>,
  query: Omit<CertificateQuery, 'limit'>,
): Promise<CertificateDocument | undefined> {
  const [stored] = await store.certificates({ ...query, limit: 1 });
  return stored === undefined ? undefined : (JSON.parse(stored.text) as CertificateDocument);
}
