// The exit codes of the command line, one table for the code, `--help` and docs/cli.md.

export const EXIT_CODES = {
  ok: { code: 0, meaning: 'done, and nothing is red' },
  failed: {
    code: 1,
    meaning: 'a canary or a check failed, a cycle was not clean, or something is red',
  },
  usage: { code: 2, meaning: 'the command line or a value on it was refused; nothing was fired' },
  config: { code: 3, meaning: 'the configuration is not usable; nothing was fired' },
  forbidden: { code: 6, meaning: 'who asked may not; nothing was done' },
  unknown: { code: 5, meaning: 'an audit could not be decided: not proven, not disproven' },
  in_progress: { code: 7, meaning: 'the same request, by its key, is still under way' },
  unreachable: { code: 4, meaning: 'a dependency cannot be reached' },
  defect: { code: 70, meaning: 'a defect of the reactor itself; please report what it printed' },
  timed_out: { code: 124, meaning: 'the wait ended first; what was started goes on' },
  interrupted: { code: 130, meaning: 'stopped by Ctrl-C; what was started goes on' },
} as const;

export type ExitName = keyof typeof EXIT_CODES;

/** The table as lines, for `--help`. */
export function describeExitCodes(): string {
  const rows = Object.values(EXIT_CODES).sort((one, other) => one.code - other.code);
  const lines = rows.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`);
  return ['Exit codes:', ...lines].join('\n');
}
