// Certificates held against the events of every frame, read from the first one: read access only.

import { PlatformUnavailableError } from '../../adapters/platform-unavailable-error.js';
import { sha256Hex } from '../../adapters/sha256.js';
import { frameIds, type Topology } from '../../domain/frame.js';
import type { CertificateDocument } from '../../domain/supply-certificate.js';
import {
  type BrokenCertificate,
  beginRecount,
  brokenClaims,
  claimsOf,
  recount,
} from '../../domain/supply-verification.js';
import type { AdminDependencies, PlatformReads } from '../admin-dependencies.js';
import type { Context } from '../operation.js';

const PAGE_EVENTS = 5_000;

export interface RecountDependencies {
  readonly config: {
    readonly topology: Topology;
    readonly audit: Pick<AdminDependencies['config']['audit'], 'buckets'>;
  };
  readonly platform: () => Pick<PlatformReads, 'supply'>;
}

/** Throws `PlatformUnavailableError` where a log cannot be read. */
export async function recountDocuments(
  { config, platform }: RecountDependencies,
  documents: readonly CertificateDocument[],
  { onProgress, signal }: Context,
): Promise<{ readonly events: number; readonly broken: readonly BrokenCertificate[] }> {
  const { supply } = platform();
  const broken: BrokenCertificate[] = [];
  let events = 0;
  for (const frame of frameIds(config.topology)) {
    const claims = claimsOf(documents, frame);
    const last = claims.at(-1)?.decision;
    if (last === undefined) continue;
    const recounted = beginRecount(claims, config.audit.buckets);
    for (let after = 0; ; ) {
      signal.throwIfAborted();
      const page = await supply.page(frame, after, PAGE_EVENTS);
      if (page.kind !== 'page') {
        const why = page.kind === 'away' ? page.reason : page.problem;
        throw new PlatformUnavailableError(frame, 'its event log', why);
      }
      const own = page.entries.flatMap(({ content }) =>
        content.kind === 'own' && content.event.id.producer === last.producer
          ? [content.event]
          : [],
      );
      recount(recounted, claims, own, supply.weightOf);
      events += own.length;
      onProgress(`frame ${frame}: ${page.through} of ${page.head} events read`);
      if (page.through <= after || page.through >= page.head) break;
      after = page.through;
    }
    const ways = { weightOf: supply.weightOf, hashOf: sha256Hex };
    broken.push(...brokenClaims(recounted, claims, ways));
  }
  return { events, broken: broken.sort((one, other) => one.number - other.number) };
}
