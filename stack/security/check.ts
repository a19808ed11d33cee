// The check of the security feeds: the real programs, a real event each, and the mails of a real
// Alertmanager. Everything that it says was seen in this run.
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORDED_SECURITY_SERIES } from '../../monitoring/src/cases/recorded-series.js';
import { recordSeries } from '../../monitoring/src/live/record.js';
import { PROJECT_ROOT } from '../directories.js';
import type { ManagedProcess } from '../processes/managed-process.js';
import { failedLogins } from './crowdsec.js';
import { audit } from './lynis.js';
import { type Mail, nextMail } from './mails.js';
import { foreignPeers } from './sockets.js';
import { startWorld, type World, type WorldOptions } from './world.js';

export interface CheckOptions extends WorldOptions {
  readonly say: (text: string) => void;
  /** Whether the series are written down for the cases of the alerts. */
  readonly isRecorded: boolean;
}

/** Addresses that stand for nobody (RFC 5737). */
const ATTACKERS = { crowdsec: '192.0.2.44', fail2ban: '198.51.100.55' } as const;
const FAILED_LOGINS = 8;
const LOOK_EVERY_MS = 1_000;
const TEXTFILE_EVERY_MS = 2_000;
const WRITER_TIMEOUT_MS = 30_000;

/** Throws with what was missing; resolves when all of it was seen. */
export async function checkSecurityFeeds(options: CheckOptions): Promise<void> {
  const { say, signal } = options;
  const world = await startWorld(options);
  const peers = watchPeers([world.crowdsec.process, world.fail2ban.process]);
  const writer = writeEvery(world, say);
  // It takes minutes, in which the others have their turn.
  const audited = timed(() => audit(world.unpacked.lynis, join(world.directory, 'lynis'), signal));
  audited.catch(() => undefined);
  try {
    await crowdsecBans(world, say);
    await bouncerAsks(world, options);
    await fail2banBans(world, say);
    await lynisFinds(world, say, await audited);
    if (options.isRecorded) await record(world, say);
    await guardsGo(world, say, writer);
    registeredNowhere(world, say, await peers.end());
  } finally {
    writer.end();
    await peers.end();
    await world.end();
  }
}

async function crowdsecBans(world: World, say: CheckOptions['say']): Promise<void> {
  const atMs = Date.now();
  const lines = failedLogins(ATTACKERS.crowdsec, FAILED_LOGINS, new Date(atMs));
  appendFileSync(world.crowdsec.authLog, lines);
  const mail = await nextMail(world.mailsUrl, 'CrowdSecBan', atMs);
  expectText(mail, `${ATTACKERS.crowdsec} is banned for 4h at gate: crowdsecurity/ssh-bf`);
  say(`crowdsec   ${FAILED_LOGINS} failed logins in its log${after(mail, atMs)}`);
  say(shown(mail));
}

async function bouncerAsks(world: World, { say }: CheckOptions): Promise<void> {
  const { apiKey, apiUrl } = world.crowdsec;
  const answer = await fetch(`${apiUrl}/v1/decisions/stream?startup=true`, {
    headers: { 'x-api-key': apiKey },
  });
  const text = await answer.text();
  if (!text.includes(`"value":"${ATTACKERS.crowdsec}"`)) {
    throw new Error(`the local API decides nothing on ${ATTACKERS.crowdsec}: ${text}`);
  }
  say('bouncer    the local API hands the decision to who has the key of a bouncer');
  const { bouncer } = world;
  if (bouncer === undefined) {
    say('bouncer    not run: it would write into the firewall of this machine');
    return;
  }
  const added = await logLine(bouncer, /decisions? added/);
  say(`bouncer    nftables of its own network: "${added}"`);
}

async function fail2banBans(world: World, say: CheckOptions['say']): Promise<void> {
  const atMs = Date.now();
  const lines = failedLogins(ATTACKERS.fail2ban, FAILED_LOGINS, new Date(atMs));
  appendFileSync(world.fail2ban.authLog, lines);
  const mail = await nextMail(world.mailsUrl, 'Fail2banBan', atMs);
  expectText(mail, `${ATTACKERS.fail2ban} is banned for 600 s`);
  say(`fail2ban   ${FAILED_LOGINS} failed logins in its log${after(mail, atMs)}`);
  say(shown(mail));
}

async function lynisFinds(
  { mailsUrl, textfiles }: World,
  say: CheckOptions['say'],
  { seconds, value: report }: { readonly seconds: string; readonly value: string },
): Promise<void> {
  const atMs = Date.now();
  runWriter('lynis-textfile', [report, textfiles]);
  const file = readFileSync(join(textfiles, 'lynis.prom'), 'utf8');
  const index = /^lynis_hardening_index (\d+)$/m.exec(file)?.[1];
  const mail = await nextMail(mailsUrl, 'LynisHardeningLow', atMs);
  expectText(mail, `${index} of 100`);
  say(`lynis      audited in ${seconds} s: ${index} of 100${after(mail, atMs)}`);
  say(shown(mail));
}

/** What was there and goes must be told; what never was there is not missed. */
async function guardsGo(world: World, say: CheckOptions['say'], writer: Writer): Promise<void> {
  const gone = async (alert: string, what: string, go: () => unknown): Promise<void> => {
    const atMs = Date.now();
    await go();
    const mail = await nextMail(world.mailsUrl, alert, atMs);
    say(`gone       ${what}${after(mail, atMs)}`);
  };
  await gone('Fail2banDown', 'fail2ban ends', () => world.fail2ban.process.stop());
  writer.end();
  await gone('SecurityFeedGone', 'the file of the audit is removed', () =>
    rmSync(join(world.textfiles, 'lynis.prom')),
  );
  await gone('CrowdSecDown', 'CrowdSec ends', () => world.crowdsec.process.stop());
}

/** Throws where anything spoke to a central service. */
function registeredNowhere(world: World, say: CheckOptions['say'], peers: Peers): void {
  const log = readFileSync(world.crowdsec.process.logFile, 'utf8');
  const disabled = /push and pull to Central API disabled/.exec(log)?.[0];
  const credentials = readFileSync(world.crowdsec.onlineCredentials, 'utf8');
  const hasLogin = credentials.split('\n').some((line) => /^\s*[^#\s]/.test(line));
  if (disabled === undefined || hasLogin || peers.foreign.length > 0 || peers.looks === 0) {
    const seen = JSON.stringify({ disabled, hasLogin, ...peers });
    throw new Error(`something spoke, or was set up to speak, to a central service: ${seen}`);
  }
  say(
    `central    no credentials; CrowdSec says "${disabled}"; ${peers.looks} looks at the sockets ` +
      'of CrowdSec and fail2ban found no peer beyond loopback',
  );
}

const RECORDED = /^((cs|fail2ban|lynis)_|node_textfile_mtime_|up\{)/;
const RECORD_NOTE = [
  '# Series of CrowdSec, its bouncer, fail2ban and Lynis as Prometheus saw them; addresses and',
  '# directory are those that an installation has.',
  '# Written by `npm run monitoring -- security --record`.',
].join('\n');

async function record(world: World, say: CheckOptions['say']): Promise<void> {
  const { config, instances, prometheusUrl, textfiles } = world;
  const text = await recordSeries(prometheusUrl, config);
  const lines = text.split('\n').filter((line) => RECORDED.test(line));
  const installed = instances
    .reduce((all, [from, to]) => all.replaceAll(`"${from}"`, `"${to}"`), lines.join('\n'))
    .replaceAll(textfiles, config.security.textfiles);
  writeFileSync(join(PROJECT_ROOT, RECORDED_SECURITY_SERIES), `${RECORD_NOTE}\n${installed}\n`);
  say(`recorded   ${lines.length} series in ${RECORDED_SECURITY_SERIES}`);
}

interface Peers {
  readonly foreign: readonly string[];
  readonly looks: number;
}

/** Looks at the sockets again and again until it is ended. */
function watchPeers(processes: readonly ManagedProcess[]) {
  const foreign = new Set<string>();
  let looks = 0;
  const groups = processes.map(({ pid }) => pid);
  const look = async (): Promise<void> => {
    for (const peer of await foreignPeers(groups)) foreign.add(peer);
    looks += 1;
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    async end(): Promise<Peers> {
      clearInterval(timer);
      return { foreign: [...foreign], looks };
    },
  };
}

interface Writer {
  end(): void;
}

/** As the timer of systemd would, only more often. */
function writeEvery({ fail2ban, textfiles }: World, say: CheckOptions['say']): Writer {
  const write = (): void => {
    try {
      runWriter('fail2ban-textfile', [textfiles], fail2ban.clientEnvironment);
    } catch (error) {
      say(`fail2ban-textfile: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  write();
  const timer = setInterval(write, TEXTFILE_EVERY_MS);
  return { end: () => clearInterval(timer) };
}

function runWriter(name: string, args: readonly string[], environment = process.env): void {
  const program = join(PROJECT_ROOT, 'monitoring/security/bin', name);
  execFileSync('sh', [program, ...args], { env: environment, timeout: WRITER_TIMEOUT_MS });
}

const LOG_TRIES = 300;

async function logLine(process: ManagedProcess, pattern: RegExp): Promise<string> {
  for (let attempt = 0; attempt < LOG_TRIES; attempt += 1) {
    const line = readFileSync(process.logFile, 'utf8')
      .split('\n')
      .find((one) => pattern.test(one));
    if (line !== undefined) return /msg="([^"]*)"/.exec(line)?.[1] ?? line;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${process.name} never wrote ${pattern} to ${process.logFile}`);
}

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: string; value: T }> {
  const fromMs = performance.now();
  const value = await work();
  return { seconds: ((performance.now() - fromMs) / 1_000).toFixed(0), value };
}

function after({ receivedAt }: Mail, fromMs: number): string {
  return `, mail after ${((Date.parse(receivedAt) - fromMs) / 1_000).toFixed(1)} s`;
}

function shown({ subject, text, to }: Mail): string {
  const lines = [`to ${to.join(', ')}: ${subject}`, ...text.trim().split('\n')];
  return lines.map((line) => `           | ${line}`).join('\n');
}

function expectText({ subject, text }: Mail, part: string): void {
  if (!text.includes(part)) throw new Error(`${subject} does not say ${part}:\n${text}`);
}
