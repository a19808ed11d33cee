// Where the stack keeps what: everything is below one git-ignored directory of the project.
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The directory of `npm start`; `--data` chooses another one. */
export const DEFAULT_STACK_DIRECTORY = join(PROJECT_ROOT, '.stack');

/** Downloaded components, shared by every stack of this clone. */
export const CACHE_DIRECTORY = join(PROJECT_ROOT, '.stack', 'cache');

/** The places inside one stack's directory. */
export interface StackDirectory {
  readonly root: string;
  readonly data: string;
  readonly logs: string;
  /** Which processes run, for the next start to find what a killed one left. */
  readonly processes: string;
  readonly addresses: string;
}

export function stackDirectory(path: string): StackDirectory {
  const root = resolve(path);
  return {
    root,
    data: join(root, 'data'),
    logs: join(root, 'logs'),
    processes: join(root, 'processes.json'),
    addresses: join(root, 'addresses.json'),
  };
}
