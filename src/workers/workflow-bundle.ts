// The workflow bundle: built once per source state and kept, so that a warm start needs no webpack.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundlePath } from '@temporalio/worker';

const SOURCES = ['workflows', 'domain', 'names.ts'] as const;
const sourceRoot = fileURLToPath(new URL('..', import.meta.url));

/** The bundle of these very sources; built on the first call and found in the cache afterwards. */
export async function workflowBundle(cacheDirectory: string): Promise<WorkflowBundlePath> {
  const codePath = join(cacheDirectory, `workflows-${sourceDigest()}.js`);
  if (existsSync(codePath)) return { codePath };
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index', import.meta.url)) + extension(),
    logger: new DefaultLogger('WARN'),
  });
  mkdirSync(cacheDirectory, { recursive: true });
  const partial = `${codePath}.${process.pid}`;
  writeFileSync(partial, code);
  renameSync(partial, codePath);
  return { codePath };
}

/** `.ts` when run from source, `.js` when built. */
function extension(): string {
  return import.meta.url.endsWith('.ts') ? '.ts' : '.js';
}

function sourceDigest(): string {
  const digest = createHash('sha256').update(sdkVersion());
  for (const file of SOURCES.flatMap(filesOf)) digest.update(file).update(readFileSync(file));
  return digest.digest('hex').slice(0, 16);
}

function filesOf(source: string): readonly string[] {
  const path = join(sourceRoot, source);
  if (!existsSync(path)) return [];
  if (source.endsWith('.ts')) return [path];
  return readdirSync(path)
    .sort()
    .map((name) => join(path, name));
}

function sdkVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('@temporalio/worker/package.json') as { version: string }).version;
}
