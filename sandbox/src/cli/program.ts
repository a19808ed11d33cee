// The commands of the sandbox's command line, their arguments and their help.
import { Command, Option } from 'commander';
import { FAULT_KINDS, type LeakKind, LOG_LEAK_KINDS, SERVICE_NAMES } from '../names.js';
import { describeExitCodes } from './exit-codes.js';
import { addFault, clearFaults, listFaults, removeFault } from './fault-commands.js';
import { leak, leakInLog, listLeaks } from './leak-commands.js';
import { askBusiness, askOracle, release } from './money-commands.js';
import type { CommandContext } from './platform-calls.js';
import { setTrafficRate, showServices, showTokens, showTopology } from './platform-commands.js';

const JSON_FLAG = ['--json', 'one JSON document on standard output'] as const;

export interface ProgramOptions {
  /** Made when a command runs, so that `--help` needs no configuration. */
  readonly context: () => CommandContext;
  readonly write: (text: string) => void;
  readonly warn: (text: string) => void;
}

/** Commander's program; it throws CommanderError instead of ending the process. */
export function createProgram(options: ProgramOptions): Command {
  const program = new Command('sandbox')
    .description('Looks at the sandbox platform, and breaks it on purpose')
    .addHelpText('after', `\n${describeExitCodes()}`)
    .exitOverride()
    .configureOutput({ writeOut: options.write, writeErr: options.warn });
  addFaultCommands(program.command('fault').description('faults on demand'), options);
  const leaks = program.command('leak').description('makes the books wrong, once, and tells it');
  addLeakCommands(leaks, options);
  addMoneyCommands(program, options);
  addPlatformCommands(program, options);
  return program;
}

function addFaultCommands(fault: Command, { context }: ProgramOptions): void {
  fault
    .command('add')
    .argument('<kind>', 'see below')
    .description('breaks something, at every service that the options leave')
    .option('--frame <id>', 'only at this frame')
    .option('--registry <id>', 'only at this registry')
    .addOption(new Option('--service <name>', 'where a kind has a choice').choices(SERVICE_NAMES))
    .option('--event-type <type>', 'only for these events')
    .option('--backend <backend>', 'only for intra, async or 2pc')
    .option('--sender <agent>', 'only for transfers of this agent')
    .option('--receiver <agent>', 'only for transfers to this agent')
    .option('--memo-prefix <text>', 'only where the memo begins so, e.g. canary-')
    .option('--at <place>', 'before_store (at the TEG, the default) or after_store')
    .option('--probability <p>', 'how likely it strikes, default 1')
    .option('--count <n>', 'how often it strikes at each service, default for ever')
    .option('--duration <time>', 'how long it lasts, e.g. 30s or 5m, default for ever')
    .option('--param <name=value>', 'a parameter of the kind; may be repeated', collect)
    .option(...JSON_FLAG)
    .addHelpText('after', `\n${describeKinds()}`)
    .action((kind, options) => addFault(context(), kind, options));
  fault
    .command('list')
    .description('active faults of all services')
    .option(...JSON_FLAG)
    .action((options) => listFaults(context(), options));
  fault
    .command('remove')
    .argument('<id>')
    .description('ends one fault')
    .action((id) => removeFault(context(), id));
  fault
    .command('clear')
    .description('ends every fault')
    .action(() => clearFaults(context()));
}

function addMoneyCommands(program: Command, { context }: ProgramOptions): void {
  program
    .command('release')
    .description('lets go of transfers that never_credit and never_refund keep open')
    .option('--frame <id>', 'only at this frame')
    .option(...JSON_FLAG)
    .action((options) => release(context(), options));
  const oracle = program.command('oracle').description('what really happened');
  oracle
    .command('business')
    .description('transfers, fees, stakes, A2A tokens, proposals, disputes: counted again')
    .option(...JSON_FLAG)
    .action(() => askBusiness(context()));
  oracle
    .command('transfer')
    .argument('<id>', 'a transfer id')
    .option(...JSON_FLAG)
    .action((id) => askOracle(context(), id));
}

function addLeakCommands(leaks: Command, { context }: ProgramOptions): void {
  const command = (kind: LeakKind) =>
    leaks
      .command(kind)
      .argument('<account>', 'e.g. A1:user-01')
      .option('--frame <id>', 'needed for accounts that are no agents')
      .option(...JSON_FLAG);
  for (const kind of ['create', 'destroy'] as const) {
    command(kind)
      .argument('<amount>', 'AVT, e.g. 0.5')
      .action((account, amount, options) => leak(context(), { kind, account, amount }, options));
  }
  for (const kind of ['move', 'offset'] as const) {
    command(kind)
      .argument('<to>', 'the other account')
      .argument('<amount>', 'AVT, e.g. 0.5')
      .action((account, to, amount, options) =>
        leak(context(), { kind, account, to, amount }, options),
      );
  }
  for (const kind of LOG_LEAK_KINDS) {
    leaks
      .command(kind)
      .argument('<frame>', "whose EventStore's log")
      .option('--sequence <n>', 'which event; by default the newest own one with an amount')
      .option(...JSON_FLAG)
      .action((frame, options) => leakInLog(context(), kind, frame, options));
  }
  leaks
    .command('list')
    .description('every leak that the oracles know of, those by faults too')
    .option('--frame <id>', 'only of this frame')
    .option(...JSON_FLAG)
    .action((options) => listLeaks(context(), options));
}

function addPlatformCommands(program: Command, { context }: ProgramOptions): void {
  program
    .command('tokens')
    .description('canary agent id -> token')
    .option('--users', 'user agents too')
    .option('--roles', 'admin, peer, control and oracle too')
    .option(...JSON_FLAG)
    .action((options) => showTokens(context(), options));
  program
    .command('topology')
    .description('the configuration with every default')
    .option(...JSON_FLAG)
    .action((options) => showTopology(context(), options));
  program
    .command('services')
    .description('every service: name, address, and how it is started')
    .option(...JSON_FLAG)
    .action((options) => showServices(context(), options));
  program
    .command('traffic')
    .description('the background traffic')
    .command('rate')
    .argument('<transfers per second>')
    .option(...JSON_FLAG)
    .action((rate, options) => setTrafficRate(context(), rate, options));
}

function collect(pair: string, pairs: readonly string[] = []): readonly string[] {
  return [...pairs, pair];
}

function describeKinds(): string {
  const lines = Object.entries(FAULT_KINDS).map(([kind, { services, meaning, params }]) => {
    const names = Object.entries(params).map(([name, says]) => `\n      --param ${name}=: ${says}`);
    return `  ${kind} (${services.join(', ')}): ${meaning}${names.join('')}`;
  });
  return ['Kinds:', ...lines].join('\n');
}
