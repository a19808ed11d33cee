// Fetches a component through its registry's client, compares the digest, and unpacks it.
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assertChecksum, sha256OfDirectory, sha256OfFile } from '../checksum.js';
import type { Component, Download, Platform } from '../component.js';
import { fetchWithApt, unpackDebianPackage } from './apt.js';
import type { DownloadContext } from './context.js';
import { copyJars } from './maven.js';
import { fetchWithNpm, unpackPackage } from './npm.js';
import { fetchWithPip, unpackWheel } from './pip.js';

/** Where a Maven component keeps its jars inside a cache entry. */
const JARS = 'libs';

const CLIENTS = {
  pip: { fetch: fetchWithPip, unpack: unpackWheel },
  npm: { fetch: fetchWithNpm, unpack: unpackPackage },
  apt: { fetch: fetchWithApt, unpack: unpackDebianPackage },
} as const;

/** The directory to keep; throws when the client fails or the content is not the pinned one. */
export async function downloadComponent(
  component: Component,
  platform: Platform | undefined,
  context: DownloadContext,
): Promise<string> {
  const { source } = component;
  const content = join(context.workDirectory, 'content');
  await mkdir(content);
  if (source.kind === 'maven') {
    const jars = join(content, JARS);
    await copyJars(source, { ...context, directory: jars });
    assertChecksum(jars, source.sha256, await sha256OfDirectory(jars));
    return content;
  }
  const download = downloadFor(component, platform);
  const client = CLIENTS[source.kind];
  const file = await client.fetch(download, context);
  assertChecksum(file, download.sha256, await sha256OfFile(file));
  await client.unpack(file, content, context);
  await chmod(join(content, download.program), 0o755);
  return content;
}

/** Where the program stands inside a cache entry. */
export function programInEntry(component: Component, platform: Platform | undefined): string {
  return component.source.kind === 'maven' ? JARS : downloadFor(component, platform).program;
}

function downloadFor(component: Component, platform: Platform | undefined): Download {
  const { source } = component;
  const download =
    source.kind === 'maven' || platform === undefined ? undefined : source.downloads[platform];
  if (download !== undefined) return download;
  const here = `${process.platform}-${process.arch}`;
  throw new Error(`no download of ${component.name} is known for ${platform ?? here}`);
}
