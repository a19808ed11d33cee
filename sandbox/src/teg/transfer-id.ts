// Transfer ids: UUID version 7 (RFC 9562), so that they sort by the time they were made.
import { randomBytes } from 'node:crypto';

/** A fresh transfer id made at `nowMs`. */
export function newTransferId(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return dashed(bytes.toString('hex'));
}

/** The smallest transfer id that can have been made at `timeMs`: the start of a time range. */
export function firstTransferIdAt(timeMs: number): string {
  return dashed(timeMs.toString(16).padStart(12, '0').padEnd(32, '0'));
}

function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
