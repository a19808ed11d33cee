// `npm run monitoring -- security`: provides the programs, then checks the feeds in a network of
// its own where this machine gives one.
import { dirname } from 'node:path';
import { currentPlatform } from '../components/provision.js';
import { programInEntry } from '../components/sources/download.js';
import { COMPONENTS } from '../components/table.js';
import { type ProvideOptions, provideProgram } from '../infrastructure.js';
import { listenForInterruption } from '../interruption.js';
import { provideMonitoring } from '../monitoring/programs.js';
import { checkSecurityFeeds } from './check.js';
import { isIsolated, isolationRefused, runIsolated } from './isolation.js';
import { GUARDS, type Guard, NEEDED } from './world.js';

export interface SecurityOptions {
  /** Written down for the cases of the alerts. */
  readonly record?: true;
  /** False where the network of this machine is wanted. */
  readonly isolation: boolean;
}

const FAULTS = 1;
const INTERRUPTED = 130;

/** Answers the exit code. Throws `ComponentUnavailableError`. */
export async function checkSecurity({ isolation, record }: SecurityOptions): Promise<number> {
  const { signal } = listenForInterruption(() => process.exit(INTERRUPTED));
  const report = (text: string): void => void process.stderr.write(`${text}\n`);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const isInside = isIsolated(process.env);
  const provideOptions = { environment: process.env, report, signal };
  const unpacked = await unpackGuards(provideOptions);
  const programs = await provideMonitoring(provideOptions, NEEDED);
  const missing = NEEDED.filter((name) => programs[name] === undefined);
  if (missing.length > 0) throw new Error(`there is no ${missing.join(', no ')} to report to`);
  if (isolation && !isInside) {
    const refused = await isolationRefused();
    if (refused === undefined) return runIsolated(signal);
    report(`this machine gives no network of its own: ${refused}`);
  }
  say(isInside ? 'network    of its own: loopback alone' : 'network    that of this machine');
  try {
    await checkSecurityFeeds({
      programs: Object.fromEntries(NEEDED.map((name) => [name, programs[name]])),
      unpacked,
      environment: process.env,
      isIsolated: isInside,
      isRecorded: record === true,
      signal,
      say,
    });
    return 0;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    report(error instanceof Error ? error.message : String(error));
    return FAULTS;
  }
}

async function unpackGuards(options: ProvideOptions): Promise<Readonly<Record<Guard, string>>> {
  const roots: Partial<Record<Guard, string>> = {};
  for (const name of GUARDS) roots[name] = rootOf(name, await provideProgram(name, options));
  const { crowdsec, fail2ban, lynis } = roots;
  const bouncer = roots['crowdsec-firewall-bouncer'];
  if (!crowdsec || !fail2ban || !lynis || !bouncer) throw new Error('a guard was not provided');
  return { crowdsec, fail2ban, lynis, 'crowdsec-firewall-bouncer': bouncer };
}

/** The directory that the package was unpacked to, from the place of its program inside. */
function rootOf(name: Guard, program: string): string {
  const inside = programInEntry(COMPONENTS[name], currentPlatform());
  return inside.split('/').reduce((path) => dirname(path), program);
}
