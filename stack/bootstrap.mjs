// The first thing that every npm script runs. Plain JavaScript without dependencies: on a fresh
// clone there is no node_modules yet. It checks Node, installs what the lock file says, and then
// runs the verb's entry, handing signals on and the exit code back.
// Usage: node stack/bootstrap.mjs <verb> [arguments]
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MINIMUM_NODE = [20, 19];

/** What each verb runs, from the project's root; `.ts` through tsx. */
const ENTRIES = {
  start: { file: 'stack/start.ts', args: [] },
  test: { file: 'node_modules/vitest/vitest.mjs', args: ['run'] },
  canary: { file: 'src/admin/cli.ts', args: [] },
  sandbox: { file: 'sandbox/src/cli.ts', args: [] },
  bench: { file: 'bench/run.ts', args: [] },
  prove: { file: 'bench/prove.ts', args: [] },
  monitoring: { file: 'stack/monitoring/main.ts', args: [] },
};

const PARENT_CHECK_MS = 1_000;
const LOCK_CHECK_MS = 200;

await main(process.argv[2], process.argv.slice(3));

async function main(verb, args) {
  if (!isNodeNewEnough()) {
    const needed = MINIMUM_NODE.join('.');
    fail(
      `Node ${needed} or newer is needed, this is ${process.versions.node}: install a newer one`,
    );
  }
  const entry = ENTRIES[verb];
  if (entry === undefined) {
    const known = Object.keys(ENTRIES).join(', ');
    fail(`unknown verb ${JSON.stringify(verb)}: expected one of ${known}`);
  }
  await withInstallLock(installUnlessDone);
  process.exitCode = await run(entry, args);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function isNodeNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [neededMajor, neededMinor] = MINIMUM_NODE;
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

/** Of two commands at once on a fresh clone, the second one waits for the first one's npm. */
async function withInstallLock(work) {
  if (isInstalled()) return;
  const file = join(ROOT, '.stack', 'install.lock');
  mkdirSync(dirname(file), { recursive: true });
  while (!takeLock(file)) await sleep(LOCK_CHECK_MS);
  try {
    await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function takeLock(file) {
  try {
    const lock = openSync(file, 'wx');
    writeSync(lock, String(process.pid));
    closeSync(lock);
    return true;
  } catch {
    if (!isHolderAlive(file)) rmSync(file, { force: true });
    return false;
  }
}

function isHolderAlive(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function installUnlessDone() {
  if (isInstalled()) return;
  process.stderr.write('installing the dependencies (npm ci)\n');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await exitCodeOf(spawn('npm', args, { cwd: ROOT, stdio: ['ignore', 2, 2] }));
  if (code !== 0) fail(`npm ci failed with code ${code}: its messages stand above`);
}

/** Whether npm's own record of node_modules holds what the lock file asks for, by version. */
function isInstalled() {
  const wanted = packagesOf(join(ROOT, 'package-lock.json'));
  const there = packagesOf(join(ROOT, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || there === undefined) return false;
  const extra = Object.keys(there).some((path) => wanted[path] === undefined);
  return !extra && Object.entries(wanted).every(([path, entry]) => isThere(there[path], entry));
}

function isThere(installed, wanted) {
  // What is optional may be missing: it is for another platform.
  if (installed === undefined) return wanted.optional === true;
  return installed.version === wanted.version && installed.integrity === wanted.integrity;
}

function packagesOf(file) {
  try {
    const { packages } = JSON.parse(readFileSync(file, 'utf8'));
    const installed = Object.entries(packages).filter(([path]) => path.includes('node_modules/'));
    return Object.fromEntries(installed);
  } catch {
    return undefined;
  }
}

/** Runs an entry as a child process and answers its exit code. */
async function run(entry, args) {
  const child = spawn(
    process.execPath,
    [...loaders(entry), join(ROOT, entry.file), ...entry.args, ...args],
    {
      cwd: ROOT,
      env: entry.file === ENTRIES.canary.file ? besideTheStack(process.env) : process.env,
      // The channel tells the child when this process is gone, even by kill -9.
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  const watch = watchParent(() => child.kill('SIGTERM'));
  const code = await exitCodeOf(child);
  clearInterval(watch);
  return code;
}

/** `npm run canary` beside a running `npm start` speaks to that stack, unless told otherwise. */
function besideTheStack(environment) {
  if (environment.CANARY_CONFIG !== undefined) return environment;
  const config = join(ROOT, '.stack', 'canary.yaml');
  try {
    const addresses = JSON.parse(readFileSync(join(ROOT, '.stack', 'addresses.json'), 'utf8'));
    const temporal = new URL(addresses.temporal).host;
    return { TEMPORAL_ADDRESS: temporal, ...environment, CANARY_CONFIG: config };
  } catch {
    return environment;
  }
}

function loaders(entry) {
  const parentWatch = pathToFileURL(join(ROOT, 'stack', 'processes', 'parent-watch.mjs')).href;
  if (!entry.file.endsWith('.ts')) return ['--import', parentWatch];
  const tsx = createRequire(join(ROOT, 'package.json')).resolve('tsx');
  return ['--import', parentWatch, '--import', pathToFileURL(tsx).href];
}

/** Below npm, the death of npm counts as a request to end: it cannot pass on its own kill -9. */
function watchParent(whenGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) whenGone();
  }, PARENT_CHECK_MS);
  timer.unref();
  return timer;
}

function exitCodeOf(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(127);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
