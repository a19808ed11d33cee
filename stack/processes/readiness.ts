// Waits until a started process really answers, ends before that, or takes too long.
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { endedTooEarly, type ManagedProcess, ProcessFailedError } from './managed-process.js';

/** Generous: on a loaded machine with two cores Kafka alone has taken 19 s. */
export const READY_TIMEOUT_MS = 60_000;
const PROBE_EVERY_MS = 100;

/** Throws `ProcessFailedError`; a probe that throws means not yet. */
export async function untilReady(
  process: ManagedProcess,
  probe: () => Promise<void>,
  timeoutMs: number = READY_TIMEOUT_MS,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let lastFailure: unknown;
  while (performance.now() < deadline) {
    if (process.hasExited()) throw endedTooEarly(process, await process.exited);
    try {
      await probe();
      return;
    } catch (error) {
      lastFailure = error;
      await sleep(PROBE_EVERY_MS);
    }
  }
  const reason = lastFailure instanceof Error ? `: ${lastFailure.message}` : '';
  const detail = `was not ready after ${timeoutMs} ms${reason}; its log is ${process.logFile}`;
  throw new ProcessFailedError(process.name, detail, { cause: lastFailure });
}

/** Throws unless something listens: a cheap question before a dear one. */
export async function assertListening(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
