// The health check of a container: exits 0 when the URL answers 2xx. Usage: healthcheck.mjs <url>
const TIMEOUT_MS = 4_000;

const url = process.argv[2];
try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  process.stderr.write(`${url}: ${error.message}\n`);
  process.exitCode = 1;
}
