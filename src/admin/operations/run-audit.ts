// The operation `audit`: one supply audit now, and what it certified; with `full`, every figure of
// it folded once more from the first event.
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { parseDuration } from '../../config-schema.js';
import type { Certificate } from '../../domain/supply-certificate.js';
import type { AdminDependencies } from '../admin-dependencies.js';
import { type Answer, done } from '../answer.js';
import { type Context, operation } from '../operation.js';
import { certificateSchema, certificateView } from '../views/certificate-view.js';
import { handCycleId } from './hand-cycle.js';
import { recountDocuments } from './recount-documents.js';

const LOOK_EVERY_MS = 250;
/** A first audit reads the whole log. */
const TIMEOUT_MS = 10 * 60_000;

export const runAudit = operation({
  name: 'audit',
  summary: 'audit the token supply now and show the certificate',
  role: 'operate',
  input: z.strictObject({
    full: z.boolean().default(false),
    timeout: z
      .string()
      .refine((text) => (parseDuration(text) ?? 0) > 0, 'must be a duration such as 60s or 10m')
      .transform((text) => parseDuration(text))
      .optional(),
  }),
  output: z.strictObject({
    certificate: certificateSchema,
    /** Absent where nobody asked for the full fold. */
    full: z
      .strictObject({ events: z.int(), agrees: z.boolean(), problem: z.string().optional() })
      .optional(),
  }),
  async run(deps, { full, timeout }, context) {
    const auditId = handCycleId(deps.clock.nowMs());
    await deps.audits.start(auditId);
    context.onProgress(`audit ${auditId} runs`);
    const ended = await awaitCertificate(deps, auditId, timeout ?? TIMEOUT_MS, context);
    if (ended.kind !== 'done') return ended;
    const certificate = certificateView(ended.value);
    if (!full) return done({ certificate });
    const { broken, events } = await recountDocuments(deps, [ended.value.document], context);
    const problem = broken[0]?.problem;
    return done({
      certificate,
      full: { events, agrees: broken.length === 0, ...(problem === undefined ? {} : { problem }) },
    });
  },
});

/** The store is asked: the certificate is what counts, whoever tells of the workflow's end. */
async function awaitCertificate(
  { audits, clock, supply }: AdminDependencies,
  auditId: string,
  timeoutMs: number,
  { signal }: Context,
): Promise<Answer<Certificate>> {
  const left = new AbortController();
  setMaxListeners(0, left.signal);
  const failed = audits.ended(auditId, left.signal);
  // Whether it failed is asked below, when nothing is stored yet.
  failed.catch(() => undefined);
  const endAtMs = clock.nowMs() + timeoutMs;
  try {
    for (;;) {
      const stored = await supply.certificateOf(auditId);
      if (stored !== undefined) return done(stored);
      if (signal.aborted) return endless('interrupted', auditId, 'you stopped waiting');
      if (clock.nowMs() >= endAtMs) {
        return endless('timed_out', auditId, `no end within ${timeoutMs / 1_000} s`);
      }
      const tick = pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      await Promise.race([tick, failed.then(() => tick)]);
    }
  } finally {
    left.abort();
  }
}

function endless(kind: 'timed_out' | 'interrupted', auditId: string, why: string): Answer<never> {
  return { kind, message: `${why}; audit ${auditId} goes on by itself` };
}
