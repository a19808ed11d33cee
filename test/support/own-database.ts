// A PostgreSQL database for one test file, made new and dropped afterwards.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface OwnDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** On the PostgreSQL of the test run, or on one that a campaign or benchmark has started. */
export async function createOwnDatabase(
  purpose: string,
  postgresUrl: string = inject('postgresUrl'),
): Promise<OwnDatabase> {
  const name = `test_${purpose}_${randomUUID().replaceAll('-', '')}`;
  await administer(postgresUrl, `create database ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  const drop = () => administer(postgresUrl, `drop database if exists ${name} with (force)`);
  return { url: url.href, drop };
}

async function administer(postgresUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
