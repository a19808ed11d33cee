// Progress on standard error: one rewritten line on a terminal; anywhere else a line now and then,
// so that a log tells how things went and is not full of it.

export interface ProgressLine {
  readonly tell: (message: string) => void;
  /** Says what is still unsaid and ends the line, so that what follows begins on its own. */
  readonly end: () => void;
}

export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\u001b[2K';
/** Where nobody looks, the newest message of so long is enough. */
const LOG_EVERY_MS = 5_000;

export function createProgressLine(output: ProgressOutput): ProgressLine {
  return output.isTTY === true ? rewrittenLine(output) : logLines(output);
}

function rewrittenLine(output: ProgressOutput): ProgressLine {
  let open = false;
  return {
    tell(message) {
      // A line that wraps is not cleared as a whole.
      const fitting = message.slice(0, (output.columns ?? Number.POSITIVE_INFINITY) - 1);
      output.write(CLEAR_LINE + fitting);
      open = true;
    },
    end() {
      if (open) output.write('\n');
      open = false;
    },
  };
}

function logLines(output: ProgressOutput): ProgressLine {
  let unsaid: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const say = () => {
    if (unsaid !== undefined) output.write(`${unsaid}\n`);
    unsaid = undefined;
  };
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (unsaid === undefined) return;
      say();
      rest();
    }, LOG_EVERY_MS);
  };
  return {
    tell(message) {
      unsaid = message;
      if (timer !== undefined) return;
      say();
      rest();
    },
    end() {
      clearTimeout(timer);
      timer = undefined;
      say();
    },
  };
}
