// The campaign `api`: schemathesis against the HTTP face of a whole stack, once without a token on
// an open face and once with each role's token on a closed one. Any 5xx and any answer that the
// OpenAPI document does not tell of fails it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invoke } from '../src/admin/operation.js';
import { OPERATIONS } from '../src/admin/operations.js';
import { ROLES, type Role } from '../src/domain/role.js';
import type { Reactor } from '../test/e2e/reactor.js';
import { provideSchemathesis, runSchemathesis } from './schemathesis.js';
import { startWeb, type WebProcess } from './web-process.js';
import { withReactor } from './with-reactor.js';

export interface FuzzOptions {
  readonly examples: number;
  readonly seed: number;
  readonly say: (text: string) => void;
}

/** Beyond what any run of this machine asks, so that no answer is only that there were too many. */
const LIMITS = { readsPerMinute: 1_000_000, actionsPerMinute: 1_000_000, publicStatus: true };
/** A cycle that is waited for takes its deadlines and more. */
const REQUEST_SECONDS_MAX = 120;

/** What is not asked: a stream has no end, and 503 is an answer of readiness, not a failure. */
const EXCLUDED = ['--exclude-path', '/api/v1/stream', '--exclude-path', '/readyz'];

/**
 * All checks but the one that wants every input by the schema to be taken: whether a test, a path
 * or a moment is known only the operation can say, and its 422 or 404 is documented.
 */
const CHECKS = ['--checks', 'all', '--exclude-checks', 'positive_data_acceptance'];

/** Whether every answer was as documented. */
export async function fuzzApi(options: FuzzOptions): Promise<boolean> {
  const python = await provideSchemathesis(process.env);
  const directory = await mkdtemp(join(tmpdir(), 'canary-fuzz-'));
  let held = true;
  try {
    await withReactor(
      { registries: ['A1', 'A2'], withKafka: false, product: { web: LIMITS } },
      async (reactor) => {
        held = await fuzzFaces(reactor, { ...options, python, directory });
      },
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return held;
}

interface Fuzzer extends FuzzOptions {
  readonly python: string;
  readonly directory: string;
}

async function fuzzFaces(reactor: Reactor, fuzzer: Fuzzer): Promise<boolean> {
  const { productEnvironment } = reactor.stack;
  const open = await startWeb(productEnvironment);
  const required = { ...productEnvironment, CANARY_WEB_AUTHENTICATION: 'required' };
  const closed = await startWeb(required).catch(async (error: unknown) => {
    await open.stop();
    throw error;
  });
  try {
    let held = await fuzz(open, 'an open face', [], fuzzer);
    held = (await fuzz(closed, 'a closed face without a token', [], fuzzer)) && held;
    for (const role of ROLES) {
      const header = ['--header', `Authorization: Bearer ${await tokenOf(reactor, role)}`];
      held = (await fuzz(closed, `a closed face with a token to ${role}`, header, fuzzer)) && held;
    }
    return held;
  } finally {
    await Promise.all([open.stop(), closed.stop()]);
  }
}

async function fuzz(
  { url }: WebProcess,
  what: string,
  header: readonly string[],
  { directory, examples, python, say, seed }: Fuzzer,
): Promise<boolean> {
  say(`${what}, ${examples} examples of each operation, seed ${seed}`);
  const bounds = ['--max-examples', String(examples), '--seed', String(seed), '--no-shrink'];
  const waits = ['--request-timeout', String(REQUEST_SECONDS_MAX)];
  const args = [`${url}/openapi.json`, ...bounds, ...waits, ...EXCLUDED, ...CHECKS, ...header];
  return (await runSchemathesis(python, args, directory)) === 0;
}

async function tokenOf({ admin }: Reactor, role: Role): Promise<string> {
  const answer = await invoke(
    OPERATIONS.tokenCreate,
    admin,
    { name: `the fuzzer to ${role}`, role, expires: '24h' },
    {
      actor: { name: 'the fuzzer', face: 'cli', role: 'admin' },
      signal: new AbortController().signal,
      onProgress: () => undefined,
    },
  );
  if (answer.kind !== 'done') throw new Error(`no token to ${role}: ${JSON.stringify(answer)}`);
  return answer.value.token;
}
