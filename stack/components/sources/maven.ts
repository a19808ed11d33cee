// Maven's registry, through mvn: copies the jars of an artifact and of all that it depends on.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.js';
import type { MavenSource } from '../component.js';
import { commandOptions, type DownloadContext } from './context.js';

const DOWNLOAD_TIMEOUT_MS = 240_000;

export async function copyJars(
  source: MavenSource,
  context: DownloadContext & { readonly directory: string },
): Promise<void> {
  await writeFile(join(context.workDirectory, 'pom.xml'), projectModel(source.artifacts));
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime'];
  const places = [
    `-DoutputDirectory=${context.directory}`,
    // Not every account has a home directory that Maven could write to.
    `-Dmaven.repo.local=${join(context.workDirectory, 'repository')}`,
  ];
  const args = ['--quiet', '--batch-mode', ...goal, ...places];
  await runCommand('mvn', args, {
    directory: context.workDirectory,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
    ...commandOptions(context),
  });
}

/** A project of which only the dependencies matter. */
function projectModel(artifacts: readonly string[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group = '', name = '', version = ''] = artifact.split(':');
    return (
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId>` +
      `<version>${version}</version></dependency>`
    );
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>canary-reactor</groupId><artifactId>stack</artifactId><version>1</version>
  <dependencies>${dependencies.join('\n')}</dependencies>
</project>
`;
}
