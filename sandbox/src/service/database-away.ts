// Tells "PostgreSQL is away" from "the statement is wrong".

/** True for errors after which the same statement may well succeed a moment later. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return AWAY_CODES.test(code) || AWAY_MESSAGES.test(error.message);
}

// Connection exceptions (08), shutdown and start-up (57P01-57P03), too many connections (53300),
// and the socket errors of Node.
const AWAY_CODES = /^(08...|57P0[1-3]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT)$/;

// What pg says without a code when a connection ends under a statement or none is to be had.
const AWAY_MESSAGES = new RegExp(
  [
    'Connection terminated',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error',
    'connection timeout',
  ].join('|'),
  'i',
);
