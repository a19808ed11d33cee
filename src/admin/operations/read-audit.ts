// The operation `audit show`: one certificate, by its number.
import { z } from 'zod';
import type { CertificateDocument } from '../../domain/supply-certificate.js';
import { done, refused } from '../answer.js';
import { operation } from '../operation.js';
import { certificateSchema, certificateView } from '../views/certificate-view.js';

export const readAudit = operation({
  name: 'auditRead',
  summary: 'show one certificate',
  role: 'read',
  input: z.strictObject({
    number: z.coerce
      .number('must be a whole number')
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(Number.MAX_SAFE_INTEGER - 1),
  }),
  output: certificateSchema,
  async run({ supply }, { number }) {
    const [found] = await supply.certificates({ limit: 1, below: number + 1 });
    const document = found && (JSON.parse(found.text) as CertificateDocument);
    if (found === undefined || document?.number !== number) {
      return refused('number', String(number), 'is not a certificate that is kept');
    }
    return done(certificateView({ document, hash: found.hash }));
  },
});
