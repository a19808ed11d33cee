// The named error for a platform that did not answer, or not in the contract's words.
import type { FrameId } from '../domain/frame.js';

/** Thrown where the platform under test is away; names the frame and the address that was asked. */
export class PlatformUnavailableError extends Error {
  readonly frame: FrameId;
  /** The address without credentials. */
  readonly url: string;

  constructor(frame: FrameId, url: string, why: string, options?: ErrorOptions) {
    super(`frame ${frame} is unavailable at ${url}: ${why}`, options);
    this.name = 'PlatformUnavailableError';
    this.frame = frame;
    this.url = url;
  }
}
