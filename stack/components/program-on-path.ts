// Looks for a component's program on the PATH and in the directories where Debian hides servers.
import { constants } from 'node:fs';
import { access, readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { runCommand } from './command.js';
import type { ProgramOnPath } from './component.js';
import { isAtLeast, versionIn } from './version.js';

const VERSION_TIMEOUT_MS = 10_000;
const SERVER_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

export interface FoundProgram {
  readonly path: string;
  readonly version: string;
}

export interface ProgramSearch {
  readonly found?: FoundProgram;
  /** Programs that were there but do not serve, and why; for the message when nothing else does. */
  readonly rejected: readonly string[];
}

/** The first program that is there, complete and new enough. */
export async function findProgram(
  wanted: readonly ProgramOnPath[],
  searchPath: string,
): Promise<ProgramSearch> {
  const rejected: string[] = [];
  for (const program of wanted) {
    for (const path of await candidates(program, searchPath)) {
      const version = await versionOf(path);
      if (version === undefined) rejected.push(`${path} does not answer --version`);
      else if (isAtLeast(version, program.minimumVersion)) {
        return { found: { path: providedPath(path, program), version }, rejected };
      } else {
        rejected.push(`${path} is version ${version}, ${program.minimumVersion} is needed`);
      }
    }
  }
  return { rejected };
}

function providedPath(path: string, program: ProgramOnPath): string {
  return program.provides === undefined ? path : join(dirname(path), program.provides);
}

async function candidates(wanted: ProgramOnPath, searchPath: string): Promise<readonly string[]> {
  const onPath = searchPath.split(delimiter).filter((directory) => directory !== '');
  const hidden = await Promise.all((wanted.directories ?? []).map(expandStar));
  const found = new Set<string>();
  for (const directory of [...onPath, ...SERVER_DIRECTORIES, ...hidden.flat()]) {
    const path = await realpath(join(directory, wanted.program)).catch(() => undefined);
    if (path === undefined) continue;
    const beside = (wanted.siblings ?? []).map((name) => join(dirname(path), name));
    if (await areExecutable([path, ...beside])) found.add(path);
  }
  return [...found];
}

async function areExecutable(paths: readonly string[]): Promise<boolean> {
  const checks = await Promise.allSettled(paths.map((path) => access(path, constants.X_OK)));
  return checks.every((check) => check.status === 'fulfilled');
}

/** The directories that a pattern with one `*` names, newest version first. */
async function expandStar(pattern: string): Promise<readonly string[]> {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return [pattern];
  const names = await readdir(before).catch(() => []);
  const newestFirst = [...names].sort((one, other) => (isAtLeast(one, other) ? -1 : 1));
  return newestFirst.map((name) => join(before, name, after));
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    const answer = await runCommand(path, ['--version'], { timeoutMs: VERSION_TIMEOUT_MS });
    return versionIn(answer.output + answer.errors);
  } catch {
    return undefined;
  }
}
