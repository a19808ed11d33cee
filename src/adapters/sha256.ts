// Hashes as the platform contract and the certificates use them: sha256, lower-case hex.
import { createHash } from 'node:crypto';

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
