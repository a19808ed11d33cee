// The operation `audit history`: the newest certificates, each in a line.
import { z } from 'zod';
import { AUDIT_OUTCOMES, type CertificateDocument } from '../../domain/supply-certificate.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import { certificateSchema, certificateView } from '../views/certificate-view.js';
import { cursorInput, pageLimit, pageOf, readCursor } from './cursor.js';

export const listAudits = operation({
  name: 'auditHistory',
  summary: 'list the newest certificates',
  role: 'read',
  input: z.strictObject({
    limit: pageLimit,
    outcome: z.enum(AUDIT_OUTCOMES).optional(),
    below: z.coerce.number('must be a whole number').int().min(1).optional(),
    cursor: cursorInput,
  }),
  output: z.strictObject({
    certificates: z.array(certificateSchema),
    nextCursor: z.string().optional(),
  }),
  async run({ supply }, { cursor, limit, outcome, ...input }) {
    const place = readCursor(z.int(), cursor);
    if (place.kind !== 'done') return place;
    const below = place.value ?? input.below;
    const found = await supply.certificates({
      limit: limit + 1,
      ...(below === undefined ? {} : { below }),
      ...(outcome === undefined ? {} : { outcome }),
    });
    const { nextCursor, shown } = pageOf(found, limit, ({ number }) => number);
    return done({
      nextCursor,
      certificates: shown.map(({ hash, text }) =>
        certificateView({ document: JSON.parse(text) as CertificateDocument, hash }),
      ),
    });
  },
});
