// What a monitoring configuration may hold, checked before anything is generated from it.
import { z } from 'zod';
import { type MonitoringConfig, TARGET_LABELS } from './config.js';
import { JOBS } from './names.js';

const seconds = z.number().positive();
const ratio = z.number().min(0).max(1);
const count = z.number().positive();
const address = z.string().regex(/^[A-Za-z0-9.-]+:\d{1,5}$/, 'must be host:port');
/** Prometheus' own `for` and windows are whole seconds at least, so a scale has a floor. */
const scale = z.number().min(0.001).max(1);
const link = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !url.endsWith('/'), 'must not end with a slash');
const id = z.string().regex(/^[A-Z][A-Z0-9]{0,15}$/, 'must be like A or A1');

const topologySchema = z
  .strictObject({
    frames: z.array(z.strictObject({ id, registries: z.array(id).min(1) })).min(1),
    lanes: count,
    cycleSeconds: seconds,
    hasContainers: z.boolean(),
  })
  .superRefine(({ frames }, check) => {
    const names = frames.flatMap((frame) => [`frame ${frame.id}`, ...frame.registries]);
    const twin = names.find((name, index) => names.indexOf(name) !== index);
    if (twin === undefined) return;
    check.addIssue({ code: 'custom', path: ['frames'], message: `${twin} occurs twice` });
  });

const targetSchema = z.strictObject({
  job: z.enum(JOBS),
  address,
  labels: z.partialRecord(z.enum(TARGET_LABELS), z.string().min(1)).optional(),
});

const timesSchema = z.strictObject({
  scrapeSeconds: seconds,
  evaluationSeconds: seconds,
  groupWaitSeconds: seconds,
  groupIntervalSeconds: seconds,
  repeatSeconds: seconds,
  watchdogRepeatSeconds: seconds,
  resendSeconds: seconds,
  scale,
});

const limitsSchema = z
  .strictObject({
    ledgerStaleSeconds: seconds,
    ledgerAgeSeconds: seconds,
    errorRatio: ratio,
    latencyP95Seconds: seconds,
    connectionsHighRatio: ratio,
    connectionsOfOneRatio: ratio,
    connectionsCriticalRatio: ratio,
    hostCpuRatio: ratio,
    hostMemoryRatio: ratio,
    hostDiskLowRatio: ratio,
    diskCriticalRatio: ratio,
    containerMemoryRatio: ratio,
    containerRestarts: count,
    deadlocks: count,
    cacheHitRatio: ratio,
    auditAgeSeconds: seconds,
    floatAvt: count,
    floatHours: count,
    federationDriftSeconds: seconds,
    validatorLagSeconds: seconds,
    kafkaLagEvents: count,
    stakeSwingRatio: ratio,
    diskFullHours: count,
    bannedAddresses: count,
    fail2banAgeSeconds: seconds,
    hardeningIndex: z.number().min(0).max(100),
    lynisAgeSeconds: seconds,
  })
  .refine((limits) => limits.connectionsHighRatio < limits.connectionsCriticalRatio, {
    path: ['connectionsHighRatio'],
    message: 'must be below connectionsCriticalRatio',
  })
  .refine((limits) => limits.diskCriticalRatio < limits.hostDiskLowRatio, {
    path: ['diskCriticalRatio'],
    message: 'must be below hostDiskLowRatio',
  });

const burnRateSchema = z
  .strictObject({
    severity: z.enum(['critical', 'warning']),
    longMinutes: count,
    shortMinutes: count,
    factor: count,
  })
  .refine((rate) => rate.shortMinutes < rate.longMinutes, {
    path: ['shortMinutes'],
    message: 'must be below longMinutes',
  });

const sloSchema = z.strictObject({
  objectiveRatio: z.number().gt(0).lt(1),
  periodDays: count,
  noiseRatio: z.number().gt(0).lt(1),
  burnRates: z.array(burnRateSchema).min(1),
});

const mailSchema = z.strictObject({
  to: z.email(),
  from: z.email(),
  smarthost: address,
  requireTls: z.boolean(),
  username: z.string().min(1).optional(),
  passwordFile: z.string().min(1).optional(),
});

const securitySchema = z.strictObject({
  alertmanager: link,
  textfiles: z.string().regex(/^\/[\w./-]+$/, 'must be an absolute path of plain characters'),
  hosts: z.array(
    z.strictObject({
      host: z.string().regex(/^[\w.-]+$/, 'must be the name of a host'),
      crowdsec: address.optional(),
      bouncer: address.optional(),
    }),
  ),
});

export const monitoringConfigSchema: z.ZodType<MonitoringConfig> = z.strictObject({
  topology: topologySchema,
  targets: z.array(targetSchema).min(1).optional(),
  times: timesSchema,
  limits: limitsSchema,
  slo: sloSchema,
  mail: mailSchema,
  security: securitySchema,
  links: z.strictObject({
    grafana: link,
    prometheus: link,
    alertmanager: link,
    runbook: link,
    page: link,
  }),
});
