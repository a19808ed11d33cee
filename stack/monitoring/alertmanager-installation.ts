// Alertmanager as Debian builds it reads its mail templates from /usr/share, and ends where they
// are not there. Unpacked without being installed it is given a copy of the program that reads
// them from the directory it is started in (docs/decisions, 22).
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheEntry, exists } from '../components/cache.js';
import type { ProvidedProgram } from '../services/service.js';

/** A program of the monitoring as it can be started. */
export interface Installation {
  readonly program: string;
  /** Where it must be started; undefined where that does not matter. */
  readonly directory?: string;
  /** Its page, where that is not built into the program. */
  readonly uiPath?: string;
}

/** The program is not the one that this file knows how to change. */
export class RelocationError extends Error {
  override readonly name = 'RelocationError';
  readonly occurrences: number;

  constructor(occurrences: number) {
    super(
      `the program names its template directory ${occurrences} times where ` +
        `${EXPECTED_OCCURRENCES} was expected: it is another build`,
    );
    this.occurrences = occurrences;
  }
}

const TEMPLATE_DIRECTORY = '/usr/share/prometheus/alertmanager';
const EXPECTED_OCCURRENCES = 1;

/** Throws `RelocationError`. */
export async function prepareAlertmanager(
  provided: ProvidedProgram,
  cacheDirectory: string,
  templateDirectory: string = TEMPLATE_DIRECTORY,
): Promise<Installation> {
  const isInstalled = await exists(join(templateDirectory, 'default.tmpl'));
  if (provided.origin === 'path' || isInstalled) return { program: provided.path };
  const shared = join(dirname(provided.path), '..', 'share', 'prometheus', 'alertmanager');
  const key = `alertmanager-relocated-${provided.version}`;
  const entry = await cacheEntry(cacheDirectory, key, async (workDirectory) => {
    const content = join(workDirectory, 'content');
    await mkdir(content);
    const program = join(content, 'alertmanager');
    await writeFile(program, relocated(await readFile(provided.path)));
    await chmod(program, 0o755);
    return content;
  });
  return {
    program: join(entry, 'alertmanager'),
    directory: shared,
    uiPath: join(shared, 'no-ui'),
  };
}

/**
 * The program with its template directory replaced by the one it is started in. A text inside a
 * program cannot change its length, so that `.` is followed by as many slashes as are needed.
 * The directory's own subdirectories are named in texts of their own, which stay. Throws
 * `RelocationError` unless the directory is named exactly once.
 */
export function relocated(program: Buffer): Buffer {
  const wanted = Buffer.from(TEMPLATE_DIRECTORY);
  const places = placesOf(program, wanted).filter(
    (place) => program[place + wanted.length] !== '/'.charCodeAt(0),
  );
  const [place] = places;
  if (place === undefined || places.length !== EXPECTED_OCCURRENCES) {
    throw new RelocationError(places.length);
  }
  const copy = Buffer.from(program);
  copy.write('.'.padEnd(wanted.length, '/'), place, 'latin1');
  return copy;
}

function placesOf(program: Buffer, wanted: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = program.indexOf(wanted); at !== -1; at = program.indexOf(wanted, at + 1)) {
    places.push(at);
  }
  return places;
}
