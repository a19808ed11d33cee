// The command line as commander reads it, built from the table of commands.
import assert from 'node:assert/strict';
import { CommanderError, Command as Program } from 'commander';
import type { Command } from './cli-command.js';
import { COMMANDS } from './cli-commands.js';
import type { CommandNode } from './completion.js';
import { SHELLS, type Shell } from './completion-scripts.js';
import { describeExitCodes } from './exit-codes.js';
import { ownVersion } from './own-version.js';

/** What a command line asks for. */
export type Request =
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly input: unknown;
      readonly idempotencyKey: string | undefined;
    }
  /** The JSON Schema of the configuration: needs no configuration and no dependency. */
  | { readonly kind: 'schema' }
  /** A script that completes words in a shell: needs no dependency. */
  | { readonly kind: 'completion'; readonly shell: Shell }
  /** Help, which commander has written already. */
  | { readonly kind: 'shown' }
  | { readonly kind: 'refused'; readonly message: string };

export interface Writers {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const SILENT: Writers = { out: () => undefined, err: () => undefined };
const HELP_COLUMNS = 80;

/** How the help of the program groups the commands, by their first word. */
const GROUPS: readonly (readonly [heading: string, words: readonly string[]])[] = [
  ['Watch:', 'status board paths results result explain cycles attention'.split(' ')],
  [
    'Fire and operate:',
    'cycle fire pause resume pauses maintenance acknowledge actions'.split(' '),
  ],
  ['Supply auditor:', ['audit']],
  ['Ask others:', ['prometheus', 'grafana', 'request']],
  ['Run the reactor:', 'doctor config retention token mcp completion'.split(' ')],
];

/** Words that do nothing alone. */
const PARENTS: Readonly<Record<string, string>> = {
  completion: 'print a script that completes words in a shell',
  config: 'check or show the configuration, or print its JSON Schema',
  retention: 'delete what has outlived its retention',
};

const KEY_MEANING = 'names this request for a day: repeated, it is not done again';
const SCHEMA_SUMMARY = 'print the JSON Schema of the configuration file';

/** Reads the words behind the program's name. */
export function readCommandLine(argv: readonly string[], writers: Writers): Request {
  let request: Request = { kind: 'shown' };
  const program = buildProgram(writers, (chosen) => {
    request = chosen;
  });
  try {
    program.parse([...argv], { from: 'user' });
    return request;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'shown' };
    // Without a command commander writes the help and calls it an error, which it is.
    const message = error.code === 'commander.help' ? 'a command is needed' : error.message;
    return { kind: 'refused', message: message.replace(/^error: /, '') };
  }
}

/** The words of every command, with what stands behind them. */
export function commandTree(): CommandNode {
  const node = (program: Program, words: string): CommandNode => ({
    words,
    summary: program.description(),
    options: program.options.map(({ flags, description }) => ({ flags, meaning: description })),
    arguments: program.registeredArguments.map((one) => one.name()),
    command: COMMANDS.find(({ usage }) => usage.replace(/ [[<].*/, '') === words),
    below: program.commands.map((one) => node(one, `${words} ${one.name()}`.trim())),
  });
  return node(
    buildProgram(SILENT, () => undefined),
    '',
  );
}

/** The help of the program and of every command, for docs/cli.md. */
export function helpPages(): readonly { readonly words: string; readonly help: string }[] {
  const pages = (program: Program, words: string): ReturnType<typeof helpPages> => [
    { words, help: program.helpInformation().trimEnd() },
    ...program.commands.flatMap((one) => pages(one, `${words} ${one.name()}`.trim())),
  ];
  return pages(
    buildProgram(SILENT, () => undefined),
    '',
  );
}

type Choose = (request: Request) => void;

function buildProgram(writers: Writers, choose: Choose): Program {
  const program = new Program('npm run canary --')
    .description('Watches every path of the platform by moving real tokens over it.')
    .version(ownVersion(), '--version', 'print the version')
    .exitOverride()
    .helpCommand(false)
    // What stands behind a command below another one is its own: both may have an option alike.
    .enablePositionalOptions()
    .addHelpText('after', `\n${describeExitCodes()}`)
    .configureOutput({
      writeOut: writers.out,
      writeErr: writers.err,
      getOutHelpWidth: () => HELP_COLUMNS,
      getErrHelpWidth: () => HELP_COLUMNS,
    });
  for (const [heading, words] of GROUPS) {
    for (const word of words) addFamily(program, word, choose).helpGroup(heading);
  }
  return program;
}

/** A command and those below it: all that begin with one word. */
function addFamily(program: Program, word: string, choose: Choose): Program {
  const summary = PARENTS[word];
  const parent =
    summary === undefined
      ? undefined
      : program.command(word).description(summary).helpCommand(false);
  const family = COMMANDS.filter(({ usage }) => usage.split(' ')[0] === word);
  let head = parent;
  for (const command of family) {
    if (head === undefined) head = addCommand(program, command.usage, command, choose);
    else addCommand(head, command.usage.slice(word.length + 1), command, choose);
  }
  assert(head !== undefined, `no command begins with ${word}`);
  if (word === 'config') addSchema(head, choose);
  if (word === 'completion') addCompletion(head, choose);
  return head;
}

function addSchema(config: Program, choose: Choose): void {
  config
    .command('schema')
    .description(SCHEMA_SUMMARY)
    .option('--json', 'print one JSON document, as it does anyway')
    .action(() => choose({ kind: 'schema' }));
}

function addCompletion(completion: Program, choose: Choose): void {
  for (const shell of SHELLS) {
    completion
      .command(shell)
      .description(`print the script for ${shell}`)
      .addHelpText('after', `\n${HOW_TO_COMPLETE[shell]}`)
      .action(() => choose({ kind: 'completion', shell }));
  }
}

const HOW_TO_COMPLETE: Readonly<Record<Shell, string>> = {
  bash: 'In ~/.bashrc: source <(canary completion bash)',
  zsh: 'In ~/.zshrc, behind compinit: source <(canary completion zsh)',
  fish: 'Once: canary completion fish > ~/.config/fish/completions/canary.fish',
};

function addCommand(home: Program, usage: string, command: Command, choose: Choose): Program {
  const { options, positionals, summary } = command;
  const built = home.command(usage).description(summary);
  for (const { flags, meaning } of options) built.option(flags, meaning);
  if (command.acts) built.option('--idempotency-key <key>', KEY_MEANING);
  // What is answered as a stream is that stream; only why there is none can be a document.
  const printed = command.operation === undefined ? 'a failure as one' : 'one';
  built.option('--json', `print ${printed} JSON document on standard output`);
  built.action(() => {
    const { json: _json, idempotencyKey, ...given } = built.opts<Record<string, unknown>>();
    const filled = Object.fromEntries(
      built.args.flatMap((argument, index) => {
        const field = positionals[index];
        return field === undefined ? [] : [[field, argument]];
      }),
    );
    choose({
      kind: 'command',
      command,
      input: { ...given, ...filled },
      idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : undefined,
    });
  });
  return built;
}
