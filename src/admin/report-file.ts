// A file that is there whole or not at all: written beside its place, then renamed into it.
import { open, rename, rm, stat } from 'node:fs/promises';
import { messageOf } from './operation.js';

export interface ReportFile {
  /** Writes the text and puts the file into its place. */
  put(text: string): Promise<void>;
  /** Leaves what stood in its place as it was. */
  drop(): Promise<void>;
}

/** Opens the way to a file before there is anything to write; a problem says why there is none. */
export async function openReportFile(
  file: string,
): Promise<ReportFile | { readonly problem: string }> {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    if (await isDirectory(file)) return { problem: 'is a directory' };
    const handle = await open(beside, 'w');
    return {
      async put(text) {
        try {
          await handle.writeFile(text);
        } finally {
          await handle.close();
        }
        await rename(beside, file);
      },
      async drop() {
        await handle.close();
        await rm(beside);
      },
    };
  } catch (error) {
    return { problem: `cannot be written: ${messageOf(error)}` };
  }
}

async function isDirectory(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory();
  } catch {
    // What is not there yet is made.
    return false;
  }
}
