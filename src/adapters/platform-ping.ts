// Whether a service of the platform answers its /healthz.
import type { FrameId } from '../domain/frame.js';
import { baseUrl, readText } from './platform-read.js';

const PING_TIMEOUT_MS = 1_500;

/** One request, no retry; throws `PlatformUnavailableError`. */
export async function pingPlatform(frame: FrameId, url: string): Promise<void> {
  await readText({ frame, url: `${baseUrl(url)}/healthz`, timeoutMs: PING_TIMEOUT_MS });
}
