// The operation `doctor`: every dependency asked once, what is wrong, and the one thing to do.
import { z } from 'zod';
import { done } from '../answer.js';
import { operation } from '../operation.js';
import { checkSchema, examineCheck } from './doctor-check.js';
import { platformChecks } from './doctor-platform.js';
import { reactorChecks } from './doctor-reactor.js';

export const runDoctor = operation({
  name: 'doctor',
  summary: 'ask every dependency and say what is wrong and what to do',
  role: 'read',
  input: z.strictObject({}),
  output: z.strictObject({ ok: z.boolean(), checks: z.array(checkSchema) }),
  async run(deps) {
    // No dependency shall seem slow because we were.
    await deps.cycles.load();
    const checks = [...reactorChecks(deps), ...platformChecks(deps)];
    const views = await Promise.all(checks.map(examineCheck));
    return done({ ok: views.every((one) => one.state === 'ok'), checks: views });
  },
});
