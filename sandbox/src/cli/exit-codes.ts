// The exit codes of the sandbox's command line, one table for the code, `--help` and the README.

export const EXIT_CODES = {
  ok: { code: 0, meaning: 'done' },
  refused: { code: 1, meaning: 'the platform said no, or has nothing of that name' },
  usage: { code: 2, meaning: 'the command line is wrong; nothing was sent' },
  config: { code: 3, meaning: 'SANDBOX_CONFIG names a file that is not usable; nothing was sent' },
  unreachable: { code: 4, meaning: 'a service does not answer' },
} as const;

export type ExitName = keyof typeof EXIT_CODES;

/** The table as lines, for `--help`. */
export function describeExitCodes(): string {
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return ['Exit codes:', ...lines].join('\n');
}

/** Ends a command with that exit code; the message is for the user. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exit: ExitName;

  constructor(exit: ExitName, message: string) {
    super(message);
    this.exit = exit;
  }
}
