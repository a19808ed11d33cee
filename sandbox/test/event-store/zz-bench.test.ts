import { test } from 'vitest';
import { createIngest } from '/work/main/sandbox/src/event-store/ingest.js';
import { sortOut } from '/work/main/sandbox/src/event-store/known-events.js';
import { openDatabase } from '/work/main/sandbox/src/service/postgres.js';
import { createFaultEngine } from '/work/main/sandbox/src/service/faults.js';
import { createLogger } from '/work/main/sandbox/src/service/logger.js';
import { systemClock } from '/work/main/sandbox/src/service/clock.js';
import { asAdministrator } from '/work/main/sandbox/test/service/test-platform.js';
import { record } from '/work/main/sandbox/test/event-store/events.js';
test('bench', async () => {
  const logger = createLogger('x', 'silent');
  await asAdministrator((c: any) => c.query('DROP DATABASE IF EXISTS es_bench WITH (FORCE)'));
  const pool = await openDatabase({ adminUrl: 'postgres://postgres@127.0.0.1:25432/postgres', database: 'es_bench', migrationsDir: '/work/main/sandbox/src/event-store/migrations', logger });
  const ingest = createIngest({ pool, frameId: 'A', peerFrames: ['B'], faults: createFaultEngine({ clock: systemClock, random: Math.random }), clock: systemClock, logger, onOutcome: () => undefined });
  for (let r = 0; r < 20; r++) {
    const batch = Array.from({ length: 1000 }, (_, k) => record({ position: r * 1000 + k + 1 }));
    const t = performance.now(); await ingest.take(batch); const a = performance.now() - t;
    if (r % 4 === 3) console.log('take 1000', a.toFixed(0), 'ms');
  }
  const { createLogReader } = await import('/work/main/sandbox/src/event-store/log-reader.js');
  const { storedEventText } = await import('/work/main/sandbox/src/event-store/stored-event.js');
  const reader = createLogReader(pool);
  for (let r = 0; r < 3; r++) { const t = performance.now(); const p = await reader.poll({ after: 1000, limit: 5000, types: undefined }); const x = p.rows.map(storedEventText).join(); console.log('poll 5000', (performance.now() - t).toFixed(0)); 
   const t2 = performance.now(); const q = await reader.poll({ after: 0, limit: 5000, types: ['TokensIssued'] }); console.log('rare', (performance.now() - t2).toFixed(0), q.through);
   const t3 = performance.now(); const q2 = await reader.poll({ after: 19990, limit: 500, types: ['TokensTransferred'] }); console.log('tail', (performance.now() - t3).toFixed(1), q2.through); }
  await pool.end(); await asAdministrator((c: any) => c.query('DROP DATABASE IF EXISTS es_bench WITH (FORCE)'));
});
