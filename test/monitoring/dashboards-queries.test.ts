// Every PromQL of the dashboards: it parses, it selects metrics that there are, and no metric of
// ours is shown for nobody.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AD_HOC_METRICS } from '../../monitoring/src/ad-hoc-metrics.js';
import { REFERENCE } from '../../monitoring/src/config.js';
import { ANNOTATIONS } from '../../monitoring/src/dashboards/annotations.js';
import { dashboardPlans } from '../../monitoring/src/dashboards/emit.js';
import { VARIABLES } from '../../monitoring/src/dashboards/variables.js';
import { CHEATSHEET } from '../../monitoring/src/live/cheatsheet.js';
import { substitute, timeValues } from '../../monitoring/src/live/substitute.js';
import {
  KNOWN_METRICS,
  OWN_METRICS,
  SDK_METRICS,
} from '../../monitoring/src/metrics/known-metrics.js';
import { PLATFORM_METRICS } from '../../monitoring/src/metrics/platform-metrics.js';
import { familyName, metricNames, syntaxErrors } from '../../monitoring/src/promql/parse.js';

const VALUES = new Map([
  ...Object.keys(VARIABLES).map((name) => [name, '(a|b)'] as const),
  ...timeValues(3_600, 15),
]);

const written = [
  ...dashboardPlans(REFERENCE).flatMap(({ sections, uid }) =>
    sections.flatMap(({ panels }) =>
      panels.flatMap(({ queries, title }) =>
        queries.map(({ expr }) => ({ place: `${uid}: ${title}`, expr })),
      ),
    ),
  ),
  ...Object.values(ANNOTATIONS).map(({ expr, name }) => ({ place: `mark: ${name}`, expr })),
  ...CHEATSHEET.map(({ expr, what }) => ({ place: `cheatsheet: ${what}`, expr })),
  ...Object.entries(VARIABLES).map(([name, { query }]) => ({
    place: `variable: ${name}`,
    expr: query.replace(/^label_values\((.+), \w+\)$/, '$1'),
  })),
].map(({ expr, place }) => ({ place, expr: substitute(expr, VALUES) }));

const used = new Set(
  written.flatMap(({ expr }) => metricNames(expr).map((name) => familyName(name, KNOWN_METRICS))),
);

describe('queries', () => {
  test('parse', () => {
    const broken = written.flatMap(({ expr, place }) =>
      syntaxErrors(expr).map((error) => `${place}: ${error} in ${expr}`),
    );
    expect(broken).toEqual([]);
  });

  test('select metrics that somebody shows', () => {
    expect([...used].filter((name) => !KNOWN_METRICS.has(name))).toEqual([]);
  });

  test('leave no metric of ours unused without a reason', () => {
    const silent = OWN_METRICS.filter((name) => !used.has(name));
    expect(silent.filter((name) => AD_HOC_METRICS[name] === undefined)).toEqual([]);
    for (const [name, reason] of Object.entries(AD_HOC_METRICS)) {
      expect(OWN_METRICS, 'a stale line').toContain(name);
      expect(reason.length, name).toBeGreaterThan(15);
    }
  });
});

describe('the list of known metrics', () => {
  test.each(PLATFORM_METRICS.filter((name) => !/^(process|nodejs)_/.test(name)))(
    '%s is in the platform’s sources',
    (name) => {
      const sources = execFileSync('git', ['grep', '-lw', name, '--', 'sandbox/src']).toString();
      expect(sources).not.toBe('');
    },
  );

  test('has the SDK’s families as a worker really serves them', () => {
    const page = readFileSync('test/exporters/fixtures/sdk-metrics.txt', 'utf8');
    expect(SDK_METRICS.filter((name) => !page.includes(`# TYPE ${name} `))).toEqual([]);
  });
});

describe('metricNames', () => {
  test.each([
    ['up', ['up']],
    ['sum by (job) (rate(a_total{x="y"}[5m])) / on (job) b', ['a_total', 'b']],
    ['histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m]))) > bool 1', ['h_bucket']],
    ['time() - max_over_time(a[1h:1m] offset 5m)', ['a']],
  ])('of %s', (expr, expected) => {
    expect(metricNames(expr)).toEqual(expected);
  });

  test.each(['sum(rate(x[5m]', 'a +', '{job="x"}'])('refuses %s', (expr) => {
    expect(() => metricNames(expr)).toThrow();
  });

  test('finds the family of a histogram’s series', () => {
    const families = new Set(['h_seconds', 'a_count']);
    expect(familyName('h_seconds_bucket', families)).toBe('h_seconds');
    expect(familyName('a_count', families)).toBe('a_count');
    expect(familyName('unknown_sum', families)).toBe('unknown_sum');
  });
});

test('an undeclared variable is refused', () => {
  expect(() => substitute('up{job="$nobody"}', new Map())).toThrow('$nobody is not declared');
});
