// A TEG's database without a TEG: migrated, empty, dropped afterwards.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { inject } from 'vitest';
import { createLogger } from '../../src/service/logger.js';
import { openDatabase } from '../../src/service/postgres.js';

const MIGRATIONS = fileURLToPath(new URL('../../src/teg/migrations', import.meta.url));

export async function openTegDatabase() {
  const database = `teg_test_${randomBytes(4).toString('hex')}`;
  const pool = await openDatabase({
    adminUrl: inject('postgresUrl'),
    database,
    migrationsDir: MIGRATIONS,
    max: 10,
    logger: createLogger('teg-test', 'silent'),
  });
  return {
    pool,
    remove: async () => {
      await pool.end();
      const client = new pg.Client({ connectionString: inject('postgresUrl') });
      await client.connect();
      await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      await client.end();
    },
  };
}
