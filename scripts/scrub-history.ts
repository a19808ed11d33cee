// What a recorded history must not tell: which machine and process made it, and where its sources
// lay. Replay looks at none of this.

/** Field of a history event -> what stands there instead. */
const REPLACED: Readonly<Record<string, unknown>> = {
  identity: 'worker',
  stackTrace: '',
  binaryChecksum: undefined,
  workerVersion: undefined,
  deploymentVersion: undefined,
  workerDeploymentName: undefined,
};

/** The sticky queue of a worker is named after its process. */
const STICKY = 'TASK_QUEUE_KIND_STICKY';

/** A history as JSON, without what names machine, process or directory. */
export function scrubHistory(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrubHistory);
  if (!isRecord(value)) return value;
  const scrubbed = Object.entries(value).map(([key, one]): [string, unknown] =>
    key in REPLACED ? [key, REPLACED[key]] : [key, scrubHistory(one)],
  );
  const result = Object.fromEntries(scrubbed.filter(([, one]) => one !== undefined));
  return result.kind === STICKY ? { ...result, name: 'sticky' } : result;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
