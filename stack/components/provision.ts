// Gets a component: a running one that the environment names, else a program on the PATH, else the
// cache, else the registry.
import { delimiter, join } from 'node:path';
import { cacheEntry, exists } from './cache.js';
import { CommandError } from './command.js';
import type { Provided } from './component.js';
import { type Component, ComponentUnavailableError, type Platform } from './component.js';
import { findProgram } from './program-on-path.js';
import { downloadComponent, programInEntry } from './sources/download.js';

export interface ProvisionContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly cacheDirectory: string;
  readonly platform: Platform | undefined;
  /** Ends a download that is under way. */
  readonly signal?: AbortSignal;
  /** Told before something slow begins. */
  readonly onProgress?: (text: string) => void;
  /** Fetches and unpacks into a work directory; returns the part to keep. Tests put their own. */
  readonly download?: typeof downloadComponent;
}

/** The platforms for which components are downloaded; others need programs on the PATH. */
export function currentPlatform(): Platform | undefined {
  const name = `${process.platform}-${process.arch}`;
  return name === 'linux-x64' || name === 'linux-arm64' ? name : undefined;
}

/** Throws `ComponentUnavailableError`, which says what to do. */
export async function provision(
  component: Component,
  context: ProvisionContext,
): Promise<Provided> {
  const address = addressOf(component, context.environment);
  if (address !== undefined) return { kind: 'address', address };
  const rejected: string[] = [];
  try {
    const runtime = await runtimeOf(component, context.environment);
    const search = await findProgram(component.programs, searchPath(context.environment));
    rejected.push(...search.rejected);
    const provided =
      search.found === undefined
        ? await fromCacheOrRegistry(component, context)
        : { origin: 'path' as const, ...search.found };
    return { kind: 'program', ...provided, ...(runtime === undefined ? {} : { runtime }) };
  } catch (error) {
    const reason = [...rejected, reasonOf(error)].join('; ');
    throw new ComponentUnavailableError(component.name, reason, component.remedy, {
      cause: error,
    });
  }
}

/** The program that the component runs on; throws when there is none that serves. */
async function runtimeOf(
  component: Component,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (component.runtime === undefined) return undefined;
  const { program, minimumVersion } = component.runtime;
  const search = await findProgram([component.runtime], searchPath(environment));
  if (search.found !== undefined) return search.found.path;
  const detail = search.rejected.length === 0 ? 'there is none here' : search.rejected.join('; ');
  throw new Error(`it runs on ${program} ${minimumVersion} or newer, and ${detail}`);
}

/** The PATH, after the Java that JAVA_HOME names. */
function searchPath(environment: NodeJS.ProcessEnv): string {
  const javaHome = environment.JAVA_HOME ?? '';
  const javaPrograms = javaHome === '' ? [] : [join(javaHome, 'bin')];
  return [...javaPrograms, environment.PATH ?? ''].join(delimiter);
}

function addressOf(component: Component, environment: NodeJS.ProcessEnv): string | undefined {
  const variable = component.addressVariable;
  const address = variable === undefined ? undefined : environment[variable]?.trim();
  return address === '' ? undefined : address;
}

interface FromRegistry {
  readonly path: string;
  readonly version: string;
  readonly origin: 'cache' | 'download';
}

async function fromCacheOrRegistry(
  component: Component,
  context: ProvisionContext,
): Promise<FromRegistry> {
  const key = `${component.package ?? component.name}-${component.version}`;
  const cached = await exists(join(context.cacheDirectory, key));
  const entry = await cacheEntry(context.cacheDirectory, key, (workDirectory) => {
    context.onProgress?.(`downloading ${component.name} ${component.version}`);
    const download = context.download ?? downloadComponent;
    return download(component, context.platform, {
      workDirectory,
      environment: context.environment,
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
  });
  return {
    path: join(entry, programInEntry(component, context.platform)),
    version: component.version,
    origin: cached ? 'cache' : 'download',
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof CommandError && error.code === 'ENOENT') {
    return `there is no program ${error.command.split(' ')[0]} here`;
  }
  return error instanceof Error ? error.message : String(error);
}
