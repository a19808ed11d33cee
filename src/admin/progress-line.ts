// Progress on standard error: one line rewritten on a terminal, one line each anywhere else.

export interface ProgressLine {
  readonly tell: (message: string) => void;
  /** Ends the line, so that what follows begins on its own. */
  readonly end: () => void;
}

const CLEAR_LINE = '\r\u001b[2K';

export function createProgressLine(output: {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}): ProgressLine {
  let open = false;
  return {
    tell(message) {
      output.write(output.isTTY === true ? CLEAR_LINE + message : `${message}\n`);
      open = output.isTTY === true;
    },
    end() {
      if (open) output.write('\n');
      open = false;
    },
  };
}
