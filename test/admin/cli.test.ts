// The command line as a table: what is typed, the exit code, what stands where.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/adapters/system-clock.js';
import { CycleFailedError } from '../../src/admin/admin-dependencies.js';
import { COMMANDS } from '../../src/admin/cli-commands.js';
import { EXIT_CODES, type ExitName } from '../../src/admin/exit-codes.js';
import { OPERATIONS } from '../../src/admin/operations.js';
import { ConfigError, loadConfig } from '../../src/config.js';
import { EXAMPLE, echoing, failedWorld, heldWorld, PATH, run, TOKEN } from './cli-run.js';
import { createWorld, type Twist, temporalAway, type World } from './world.js';

const never = () => new Promise<never>(() => undefined);
const failing = async (cycleId: string): Promise<never> => {
  throw new CycleFailedError(cycleId, 'terminated');
};

interface Case {
  readonly line: string;
  readonly exit: ExitName;
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
  readonly twist?: Twist;
  readonly world?: () => Promise<World>;
  readonly env?: NodeJS.ProcessEnv;
  readonly fired?: number;
}

const CASES: readonly Case[] = [
  // Done.
  { line: 'cycle', exit: 'ok', stdout: /^30\/30 passed {2}\(cycle hand-\S+, clean\)\n/, fired: 1 },
  { line: 'cycle --no-wait', exit: 'ok', stdout: /^cycle hand-\S+ started \(Temporal/, fired: 1 },
  { line: 'cycle --wait', exit: 'ok', stdout: /^30\/30 passed/, fired: 1 },
  {
    line: `fire ${PATH} --wait`,
    exit: 'ok',
    stdout: /^passed\ntest hand-\S+-A1.1-B1.1-async\n/,
    fired: 1,
  },
  { line: 'paths', exit: 'ok', stdout: /^path +last outcome +passed of 20 +p50/ },
  { line: 'results', exit: 'ok', stdout: 'no result matches\n' },
  { line: 'doctor', exit: 'ok', stdout: /^state +check +subject +detail\nok +config/ },
  {
    line: 'config check',
    exit: 'ok',
    stdout: /30 paths every 1 min 00 s: 6 intra, 12 async, 12 2pc/,
  },
  { line: 'config show', exit: 'ok', stdout: /\ncycle\.interval +line \d+ +60s\n/ },
  {
    line: 'config show',
    exit: 'ok',
    twist: { config: loadConfig({ CANARY_CONFIG: EXAMPLE, CANARY_CYCLE_INTERVAL: '5m' }) },
    stdout: /\ncycle\.interval +variable +5m \(CANARY_CYCLE_INTERVAL\)\n/,
  },
  { line: 'config schema', exit: 'ok', stdout: /"\$schema": "http:\/\/json-schema.org\/draft-07/ },
  {
    line: '--help',
    exit: 'ok',
    stdout: /Exit codes:\n +0 {2}done[\s\S]+124 {2}the wait ended first/,
  },
  {
    line: 'fire --help',
    exit: 'ok',
    stdout: /^Usage: npm run canary -- fire \[options\] \[path\]/,
  },
  {
    line: 'status public --window 7d',
    exit: 'ok',
    stdout: /^failing {2}50\.00 % over 7d [\s\S]+\nA1-B1-async +failing +0\.00 % +- +-\n/,
    world: failedWorld,
  },
  {
    line: 'board',
    exit: 'ok',
    stdout: /^29\/30 paths pass, 1\/2 tests [\s\S]+\nA1\.1-B1\.1-async +F +0\/1 /,
    world: failedWorld,
  },
  { line: 'audit status', exit: 'ok', stdout: 'no audit yet\n' },
  { line: 'audit status', exit: 'ok', stdout: /^ok {2}since 2026-.+\n/, world: heldWorld },
  {
    line: 'request A1 /api/x --method DELETE --body {"a":1} --idempotency-key k',
    exit: 'ok',
    stdout: /^A1 answered 200, application\/json\n\{[^}]+"method": "DELETE",[^}]+\\"a\\":1/,
    twist: { upstreams: echoing(['A1']) },
  },
  {
    line: 'grafana /missing',
    exit: 'failed',
    stdout: /^grafana answered 404/,
    twist: { upstreams: echoing(['grafana']) },
  },
  // Something is red, failed or unclean.
  { line: 'status', exit: 'failed', stdout: /^1 red {2}\(2026/, world: failedWorld },
  {
    line: 'results --outcome failed',
    exit: 'ok',
    stdout: /failed: timeout +-\n {2}phase settlement; no cf_settled/,
    world: failedWorld,
  },
  {
    line: 'doctor',
    exit: 'failed',
    stdout: /\nwrong +workers +all +none is alive/,
    twist: { workers: [] },
  },
  {
    line: 'cycle',
    exit: 'failed',
    stderr: /ended without a scoreboard: terminated/,
    stdout: '',
    twist: { cycles: { scoreboard: failing } },
    fired: 1,
  },
  // Refused.
  { line: '', exit: 'usage', stderr: /^Usage: npm run canary/ },
  { line: 'frobnicate', exit: 'usage', stderr: /unknown command 'frobnicate'/ },
  { line: 'config frobnicate', exit: 'usage', stderr: /unknown command 'frobnicate'/ },
  { line: 'status --frobnicate', exit: 'usage', stderr: /unknown option '--frobnicate'/ },
  { line: 'status now', exit: 'usage', stderr: /too many arguments/ },
  { line: 'result', exit: 'usage', stderr: /missing required argument 'test-id'/ },
  {
    line: 'fire',
    exit: 'usage',
    stderr: /^path: "nothing" is no path\nallowed: A1.1-A1.2-intra, /,
  },
  {
    line: 'fire A9',
    exit: 'usage',
    stderr: /^path: "A9" is not a path of the matrix\nallowed: A1/,
  },
  {
    line: 'fire --sender A1:canary-1 --receiver B1:canary-1 --backend warp',
    exit: 'usage',
    stderr: 'backend: "warp" is not known\nallowed: intra, async, 2pc\n',
  },
  {
    line: 'fire A1.1-B1.1-async --timeout 5',
    exit: 'usage',
    stderr: /^timeout: "5" must be a dur/,
  },
  { line: 'fire A1.1-B1.1-async --amount x', exit: 'usage', stderr: /unknown option '--amount'/ },
  { line: 'results --backend warp', exit: 'usage', stderr: /allowed: intra, async, 2pc\n$/ },
  { line: 'results --limit 0', exit: 'usage', stderr: 'limit: "0" must be at least 1\n' },
  { line: 'result nobody', exit: 'usage', stderr: /^testId: "nobody" is not a test/ },
  {
    line: 'request A1 /x --method POST --body [1]',
    exit: 'usage',
    stderr: 'body: "[1]" must be an object, or one as JSON text\n',
    twist: { upstreams: echoing(['A1']) },
  },
  {
    line: 'request A9 /x',
    exit: 'usage',
    stderr: 'target: "A9" is not a configured upstream\nallowed: A1\n',
    twist: { upstreams: echoing(['A1']) },
  },
  { line: 'request A1', exit: 'usage', stderr: /missing required argument 'address'/ },
  { line: 'prometheus up', exit: 'usage', stderr: /^target: "prometheus" is not a configured/ },
  { line: `pause ${PATH} --for 1h`, exit: 'usage', stderr: 'reason: "nothing" is needed\n' },
  { line: `resume ${PATH}`, exit: 'usage', stderr: `path: "${PATH}" is not paused\n` },
  {
    line: `fire ${PATH}`,
    exit: 'usage',
    stderr: /^path: "A1.1-B1.1-async" is paused by a person until .+:\nmoved; force fires it/,
    world: heldWorld,
  },
  { line: `fire ${PATH} --force`, exit: 'ok', stdout: /^passed/, world: heldWorld, fired: 1 },
  {
    line: 'pauses',
    exit: 'ok',
    stdout:
      /^window +path +from \(UTC\).+\n +2 +A1\.1-B1\.1-async +2026-11-23 18:30:00 .+\n {2}moved\n$/,
    world: heldWorld,
  },
  // The configuration.
  {
    line: 'status',
    exit: 'config',
    env: { CANARY_CONFIG: 'no-such.yaml' },
    stderr: /no-such\.yaml is not usable/,
  },
  {
    line: 'config check',
    exit: 'config',
    env: { CANARY_CYCLE_INTERVAL: 'soon' },
    stderr: /cycle\.interval \(from CANARY_CYCLE_INTERVAL\): must be a duration .+ \("soon"\)/,
  },
  { line: `fire ${PATH}`, exit: 'config', env: { LOG_LEVEL: 'loud' }, stderr: /LOG_LEVEL/ },
  // What is away.
  {
    line: 'cycle',
    exit: 'unreachable',
    stderr: /^Temporal at 127.0.0.1:7233 is unavailable: [\s\S]+doctor names everything/,
    twist: { cycles: { start: temporalAway() } },
  },
  { line: 'results', exit: 'unreachable', stderr: /^postgres is/, twist: { postgresAway: true } },
  {
    line: 'status',
    exit: 'unreachable',
    stdout: /^1 red [\s\S]*\nstore +postgres[\s\S]*\nthe last cycle is not known/,
    twist: { postgresAway: true },
  },
  {
    line: 'doctor',
    exit: 'unreachable',
    stdout: /\nunreachable +redis/,
    twist: { redisAway: true },
  },
];

describe('an export', () => {
  test.each([
    ['results export', /^\{"testId":"20261123T183000Z-A1.1-A1.2-intra".+\}\n\{.+\}\n$/],
    ['results export --format csv --outcome failed', /^testId,cycleId,.+\r\n20261123T.+\r\n$/],
  ])('%s is written as it comes', async (line, written) => {
    const { code, stdout } = await run(line, { world: await failedWorld() });
    expect([code, stdout]).toEqual([0, expect.stringMatching(written)]);
  });

  test.each([
    ['results export --format xml', 2, /^format: "xml" is not known/],
    ['results export --path A9', 2, /^path: "A9" is not a path/],
  ])('%s is refused', async (line, code, stderr) => {
    const ended = await run(line);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).toMatch(stderr);
  });
});

describe('a command line', () => {
  test.each(CASES)('$line: $exit', async ({ line, exit, stdout, stderr, ...setting }) => {
    const world = await setting.world?.();
    const { twist = {}, env = {} } = setting;
    const ended = await run(line, { twist, env, ...(world === undefined ? {} : { world }) });
    expect(ended.code).toBe(EXIT_CODES[exit].code);
    expectText(ended.stdout, stdout ?? '');
    if (stderr !== undefined) expectText(ended.stderr, stderr);
    expect(ended.world.started).toHaveLength(setting.fired ?? 0);
  });

  test('that waits too long ends with 124', async () => {
    const world = { ...createWorld({ cycles: { scoreboard: never } }), clock: systemClock };
    const { code, stdout, stderr } = await run('cycle --timeout 40ms', { world });
    expect([code, stdout]).toEqual([124, '']);
    expect(stderr).toMatch(
      /0\/30 decided\nno end within 0.04 s; cycle hand-\S+ goes on by itself\n$/,
    );
  });

  test('that is interrupted ends with 130', async () => {
    const world = { ...createWorld({ cycles: { scoreboard: never } }), clock: systemClock };
    const { code, stdout } = await run('cycle', { world, signal: AbortSignal.abort() });
    expect([code, stdout]).toEqual([130, '']);
  });

  test('whose agent tokens cannot be read ends with 3', async () => {
    const problem = { place: 'platform.agentTokensFile', value: 'x', message: 'must be readable' };
    const platform = (): never => {
      throw new ConfigError('canary.yaml', [problem]);
    };
    const { code, stderr } = await run('doctor', { world: { ...createWorld(), platform } });
    expect([code, stderr]).toEqual([3, expect.stringContaining('platform.agentTokensFile')]);
  });

  test('that meets a defect ends with 70 and tells where', async () => {
    const world = createWorld({ cycles: { start: async () => Promise.reject(new Error('oops')) } });
    const { code, stderr, closed } = await run('cycle', { world });
    expect([code, stderr, closed]).toEqual([70, expect.stringMatching(/oops\n +at /), 1]);
  });

  test('with another body under a used key is refused', async () => {
    const world = { ...createWorld(), upstreams: echoing(['A1']) };
    const put = (n: number) =>
      run(`request A1 /x --method PUT --body {"n":${n}} --idempotency-key k`, { world });
    const codes = [(await put(1)).code, (await put(2)).code, (await put(1)).code];
    expect(codes).toEqual([0, 2, 0]);
  });

  test('closes what it opened', async () => {
    expect((await run('doctor')).closed).toBe(1);
    expect((await run('fire A9')).closed).toBe(1);
    expect((await run('--help')).closed).toBe(0);
  });
});

describe('--json', () => {
  const documents = [
    { line: 'cycle', output: OPERATIONS.cycle.output },
    { line: 'cycle --no-wait', output: OPERATIONS.cycle.output },
    { line: `fire ${PATH} --force`, output: OPERATIONS.fire.output },
    { line: 'status', output: OPERATIONS.status.output },
    { line: 'status public', output: OPERATIONS.publicStatus.output },
    { line: 'board', output: OPERATIONS.board.output },
    { line: 'paths', output: OPERATIONS.paths.output },
    { line: 'results --limit 1', output: OPERATIONS.results.output },
    { line: `result 20261123T183000Z-${PATH}`, output: OPERATIONS.result.output },
    { line: `explain 20261123T183000Z-${PATH}`, output: OPERATIONS.explain.output },
    { line: 'audit', output: OPERATIONS.audit.output },
    { line: 'audit status', output: OPERATIONS.auditor.output },
    { line: 'audit verify', output: OPERATIONS.auditVerify.output },
    { line: 'audit history', output: OPERATIONS.auditHistory.output },
    { line: 'audit show 1', output: OPERATIONS.auditRead.output },
    {
      line: 'audit acknowledge --all --reason planted',
      output: OPERATIONS.auditAcknowledge.output,
    },
    { line: `pause ${PATH} --for 1h --reason moved`, output: OPERATIONS.pause.output },
    { line: 'resume --all', output: OPERATIONS.resume.output },
    { line: 'pauses', output: OPERATIONS.pauses.output },
    { line: 'maintenance', output: OPERATIONS.maintenance.output },
    {
      line: `maintenance add ${PATH} --for 1h --reason moved`,
      output: OPERATIONS.maintenanceAdd.output,
    },
    { line: 'maintenance end 1', output: OPERATIONS.maintenanceEnd.output },
    { line: 'actions', output: OPERATIONS.actions.output },
    { line: `acknowledge --path ${PATH} --reason moved`, output: OPERATIONS.acknowledge.output },
    { line: 'retention run', output: OPERATIONS.retentionRun.output },
    { line: 'attention', output: OPERATIONS.attention.output },
    { line: 'cycles', output: OPERATIONS.cycles.output },
    { line: 'cycles show 20261123T183000Z', output: OPERATIONS.cycleRead.output },
    { line: 'doctor', output: OPERATIONS.doctor.output },
    { line: 'token', output: OPERATIONS.tokens.output },
    { line: 'token create --role admin A1', output: OPERATIONS.tokenCreate.output },
    { line: `token revoke ${TOKEN.id}`, output: OPERATIONS.tokenRevoke.output },
    { line: 'prometheus 2026', output: OPERATIONS.promQuery.output },
    { line: 'grafana /api/search --method GET', output: OPERATIONS.grafana.output },
    { line: 'request A1 /x', output: OPERATIONS.request.output },
    { line: 'config check', output: OPERATIONS.configCheck.output },
    { line: 'config show', output: OPERATIONS.configShow.output },
  ];
  test.each(documents)('$line prints one document of its form', async ({ line, output }) => {
    const world = { ...(await heldWorld()), upstreams: echoing(['prometheus', 'grafana', 'A1']) };
    const { stdout } = await run(`${line} --json`, { world });
    const document: unknown = JSON.parse(stdout);
    expect(output.parse(document)).toEqual(document);
  });

  test('stands on every command', () => {
    const covered = documents.map(({ line }) => line.replace(/ (--|A1|2026|0123|1|\/).*/, ''));
    const words = COMMANDS.map(({ usage }) => usage.replace(/ [[<].*/, '')).filter(
      // What streams is no one document.
      (word) => !['results export', 'mcp'].includes(word),
    );
    expect(words.filter((word) => !covered.includes(word))).toEqual([]);
  });

  const errorSchema = z.looseObject({
    error: z.looseObject({ code: z.enum(Object.keys(EXIT_CODES)), message: z.string() }),
  });
  test.each([
    { line: 'frobnicate', code: 'usage', details: {} },
    { line: 'fire A9', code: 'usage', details: { field: 'path', value: 'A9' } },
    { line: 'results', code: 'unreachable', details: { dependency: 'postgres' } },
  ])('of a failure is a document as well: $line', async ({ line, code, details }) => {
    const twist = { postgresAway: code === 'unreachable' };
    const { stdout } = await run(`${line} --json`, { twist });
    expect(errorSchema.parse(JSON.parse(stdout)).error).toMatchObject({ code, ...details });
  });

  test('of an unusable configuration names every problem', async () => {
    const env = { LOG_LEVEL: 'loud', CANARY_CYCLE_SPREAD: 'wide' };
    const { stdout } = await run('config check --json', { env });
    const { error } = errorSchema.parse(JSON.parse(stdout));
    expect(error).toMatchObject({ code: 'config', file: EXAMPLE });
    expect(error.problems).toHaveLength(2);
  });
});

function expectText(text: string, expected: string | RegExp): void {
  if (typeof expected === 'string') expect(text).toBe(expected);
  else expect(text).toMatch(expected);
}
