// `npm run monitoring -- check|preview|record`: dashboards held against a running Prometheus.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { RECORDED_SERIES } from '../cases/recorded-series.js';
import { REFERENCE } from '../config.js';
import { dashboardPlans } from '../dashboards/emit.js';
import { TO_THE_END } from '../grafana.js';
import { loadMonitoringConfig } from '../load-config.js';
import { checkAll, checkTable, isFault } from './check.js';
import { previewPage } from './preview.js';
import { createPrometheus, type Prometheus } from './prometheus.js';
import { recordSeries } from './record.js';

interface Options {
  readonly prometheus?: string;
  readonly longTerm?: string;
  readonly data: string;
}

interface PreviewOptions extends Options {
  readonly out: string;
  readonly minutes: string;
}

const CONFIG = loadMonitoringConfig(REFERENCE, process.env);

const FAULTS = 1;
const USAGE = 2;
const UNREACHABLE = 4;

/** The commands that ask a Prometheus which runs already. */
export function monitoringCommands(): Command {
  const command = new Command('npm run monitoring --')
    .description('holds the dashboards against a running Prometheus')
    .exitOverride();
  const shared = (name: string, what: string) =>
    command
      .command(name)
      .description(what)
      .option('--prometheus <url>', 'instead of the one that `npm start` runs')
      .option('--long-term <url>', 'VictoriaMetrics, likewise; else Prometheus answers for it')
      .option('--data <directory>', 'where `npm start` keeps its addresses', '.stack');
  shared('check', 'asks every query of every panel and of the cheatsheet').action(check);
  shared('preview', 'draws dashboards from live data, a page each')
    .argument('[uids...]', 'the dashboards; all of them unless named')
    .option('--out <directory>', 'where the pages are put', '.stack/preview')
    .option('--minutes <count>', 'how much of the past is shown', '60')
    .action(preview);
  shared('record', 'writes down the series that the cases of the alerts pick from').action(record);
  return command;
}

async function check(options: Options): Promise<void> {
  const rows = await checkAll(sourcesOf(options), dashboardPlans(CONFIG));
  const faults = rows.filter(isFault).length;
  const empty = rows.filter(({ series }) => series === 0).length - faults;
  process.stdout.write(`${checkTable(rows)}\n`);
  process.stderr.write(`${rows.length} queries, ${empty} empty for a reason, ${faults} faults\n`);
  process.exitCode = faults === 0 ? 0 : FAULTS;
}

async function record(options: Options): Promise<void> {
  const text = await recordSeries(sourcesOf(options).live.url, CONFIG);
  writeFileSync(RECORDED_SERIES, text);
  process.stdout.write(`${text.split('\n').length} lines\n`);
}

async function preview(uids: readonly string[], options: PreviewOptions): Promise<void> {
  const sources = sourcesOf(options);
  const plans = dashboardPlans(CONFIG);
  const unknown = uids.filter((uid) => !plans.some((plan) => plan.uid === uid));
  if (unknown.length > 0) throw new Error(`there is no dashboard ${unknown.join(', ')}`);
  mkdirSync(options.out, { recursive: true });
  for (const plan of plans) {
    if (uids.length > 0 && !uids.includes(plan.uid)) continue;
    const file = join(options.out, `${plan.uid}.html`);
    const span = { rangeSeconds: Number(options.minutes) * 60 };
    writeFileSync(file, await previewPage(sources, CONFIG, plan, span));
    process.stdout.write(`${file}\n`);
  }
}

function sourcesOf({ data, longTerm, prometheus }: Options): {
  readonly live: Prometheus;
  readonly longTerm: Prometheus;
} {
  const addresses = readAddresses(join(data, 'addresses.json'));
  const liveUrl = prometheus ?? addresses.prometheus;
  if (liveUrl === undefined) {
    throw new Error('no Prometheus: `npm start -- --with monitoring` runs one, or --prometheus');
  }
  const longTermUrl = longTerm ?? addresses['victoria-metrics'] ?? liveUrl;
  return { live: createPrometheus(liveUrl), longTerm: createPrometheus(longTermUrl, TO_THE_END) };
}

function readAddresses(file: string): Readonly<Record<string, string>> {
  if (!existsSync(file)) return {};
  return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Answers nothing: the exit code is set. */
export async function runCommands(command: Command, args: readonly string[]): Promise<void> {
  try {
    await command.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE;
    } else {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = UNREACHABLE;
    }
  }
}
