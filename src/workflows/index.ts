// What the worker registers: the names of these exports are the workflow types.
export { canaryCycle } from './canary-cycle.js';
export { canaryTest } from './canary-test.js';
export { evidence } from './evidence.js';
export { retention } from './retention.js';
export { supplyAudit } from './supply-audit.js';
export { validator } from './validator.js';
