// The import walls (design, section 5): data flows down the folder list, vendors stay in their files.
const only = (vendor, allowed) => ({
  name: `${vendor}-only-in-its-adapter`,
  comment: `${vendor} is known to its own files and nowhere else`,
  severity: 'error',
  from: { path: '^(src|sandbox/src)', pathNot: allowed },
  to: { path: `^node_modules/${vendor}/` },
});

module.exports = {
  forbidden: [
    {
      name: 'domain-imports-nothing',
      comment: 'the pure core knows neither Node, nor vendors, nor any other folder',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'workflows-are-thin',
      comment: 'workflows import domain, names, and only types of activities and ports',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: {
        pathNot:
          '^(src/workflows/|src/domain/|src/names\\.ts|node_modules/@temporalio/(workflow|common)/)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'activities-use-ports',
      comment:
        'activities import ports and domain; adapters reach them through the composition root',
      severity: 'error',
      from: { path: '^src/activities/' },
      to: {
        pathNot:
          '^(src/activities/|src/domain/|src/ports\\.ts|src/names\\.ts|node_modules/@temporalio/(activity|common)/)',
      },
    },
    {
      name: 'adapters-do-not-look-up',
      comment: 'adapters make ports real; they know neither activities nor processes',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^src/(workflows|activities|workers|exporters|admin)/' },
    },
    {
      name: 'exporters-do-not-import-workers',
      severity: 'error',
      from: { path: '^src/exporters/' },
      to: { path: '^src/(workers|workflows|activities|admin)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-never-imports-sandbox',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(sandbox|stack|bench|test|monitoring)/' },
    },
    {
      name: 'sandbox-never-imports-product',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(src|stack|bench|test|monitoring)/' },
    },
    {
      name: 'ui-takes-types-alone',
      comment: 'the web page speaks HTTP; of the product it knows the types of the answers',
      severity: 'error',
      from: { path: '^ui/' },
      to: {
        path: '^(src|sandbox|stack|bench|test|monitoring)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nothing-imports-ui',
      comment: 'the page is served as it was built',
      severity: 'error',
      from: { path: '^(src|sandbox|stack|bench|monitoring)/' },
      to: { path: '^ui/' },
    },
    {
      name: 'monitoring-knows-names-and-metrics',
      comment:
        "monitoring is generated from the product's names and its tables of metrics; its commands read the one clock",
      severity: 'error',
      from: { path: '^monitoring/' },
      to: {
        path: '^(src|sandbox|stack|bench|test)/',
        pathNot: '^src/(names|exporters/([a-z-]*metrics|family)|adapters/system-clock)\\.ts$',
      },
    },
    {
      name: 'stack-starts-processes',
      comment:
        "the stack starts product and sandbox as processes; it reads the one's names, the other's topology",
      severity: 'error',
      from: { path: '^stack/' },
      to: {
        path: '^(src|sandbox)/',
        pathNot: '^(src/names\\.ts|sandbox/src/(topology|names|service/tokens)\\.ts)$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('prom-client', '^(src/exporters/|sandbox/src/)'),
    only('pg', '^(src/adapters/postgres|sandbox/src/)'),
    only('ioredis', '^src/adapters/redis'),
    only('kafkajs', '^(src/adapters/kafka|sandbox/src/pipe/)'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs'] },
  },
};
