// The operation `audit history`: the newest certificates, each in a line.
import { z } from 'zod';
import { AUDIT_OUTCOMES, type CertificateDocument } from '../../domain/supply-certificate.js';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import { certificateSchema, certificateView } from '../views/certificate-view.js';

export const listAudits = operation({
  name: 'auditHistory',
  summary: 'list the newest certificates',
  role: 'read',
  input: z.strictObject({
    limit: z.coerce
      .number('must be a whole number')
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(500, 'must be at most 500')
      .default(20),
    outcome: z.enum(AUDIT_OUTCOMES).optional(),
    below: z.coerce.number('must be a whole number').int().min(1).optional(),
  }),
  output: z.strictObject({ certificates: z.array(certificateSchema) }),
  async run({ supply }, { below, limit, outcome }) {
    const found = await supply.certificates({
      limit,
      ...(below === undefined ? {} : { below }),
      ...(outcome === undefined ? {} : { outcome }),
    });
    return done({
      certificates: found.map(({ hash, text }) =>
        certificateView({ document: JSON.parse(text) as CertificateDocument, hash }),
      ),
    });
  },
});
