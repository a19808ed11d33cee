// The extension by which PostgreSQL tells its slowest statements, in every watched database.
import pg from 'pg';

const CONNECT_TIMEOUT_MS = 10_000;

/** Answers why a database has none, for each that has none: a server may lack the extension. */
export async function createStatementStatistics(
  urls: readonly string[],
): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const url of urls) {
    const reason = await createIn(url);
    if (reason !== undefined) reasons.push(`${new URL(url).pathname.slice(1)}: ${reason}`);
  }
  return reasons;
}

async function createIn(url: string): Promise<string | undefined> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  try {
    await client.connect();
    await client.query('create extension if not exists pg_stat_statements');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
