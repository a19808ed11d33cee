// The metrics of the Temporal SDK as one worker serves them, made fit to stand beside others'.
import type { Family, Sample } from './family.js';
import { WORKER_LABEL } from './metrics.js';

/**
 * The SDK's families among those a worker serves, with the worker's label on every series, and
 * without the doubled suffix that `countersTotalSuffix` gives to a counter named `..._total`
 * already. Throws when a series occurs twice, for then the text is not what a worker serves.
 */
export function sdkFamilies(families: readonly Family[], worker: string): readonly Family[] {
  const seen = new Set<string>();
  return families.filter(isOfSdk).map((family) => ({
    ...family,
    name: singleTotal(family.name),
    help: family.help === '' ? 'A metric of the Temporal SDK' : family.help,
    samples: family.samples.map((sample) => labelled(sample, worker, seen)),
  }));
}

/** The server's families have a prefix of their own, which no worker may write under. */
function isOfSdk({ name }: Family): boolean {
  return name.startsWith('temporal_') && !name.startsWith('temporal_server_');
}

function labelled(sample: Sample, worker: string, seen: Set<string>): Sample {
  const labels = { ...sample.labels, [WORKER_LABEL]: worker };
  const name = singleTotal(sample.name);
  const key = JSON.stringify([name, Object.entries(labels).sort()]);
  if (seen.has(key)) throw new Error(`the series ${key} occurs twice`);
  seen.add(key);
  return { name, labels, value: sample.value };
}

function singleTotal(name: string): string {
  return name.replace(/_total_total$/, '_total');
}
