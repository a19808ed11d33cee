// What the preview of a dashboard writes beside its charts.
import { expect, test } from 'vitest';
import type { PanelPlan } from '../../monitoring/src/dashboards/model.js';
import { tickLabels } from '../../monitoring/src/live/chart-svg.js';

const PLAN: PanelPlan = {
  title: 'Float',
  kind: 'chart',
  size: [12, 7],
  description: '',
  unit: 'suffix: AVT',
  queries: [],
};

interface Case {
  readonly what: string;
  readonly over?: Partial<PanelPlan>;
  readonly values: readonly number[];
  readonly labels: readonly string[];
}

const CASES: readonly Case[] = [
  {
    what: 'as few decimals as tell them apart',
    values: [602_020, 602_040],
    labels: ['602.02 K AVT', '602.04 K AVT'],
  },
  { what: 'none where none is needed', values: [0, 500], labels: ['0 AVT', '500 AVT'] },
  { what: 'of one value', values: [3, 3], labels: ['3 AVT', '3 AVT'] },
  {
    what: 'as many as the panel says',
    over: { decimals: 2, unit: 'percentunit' },
    values: [0.99, 1],
    labels: ['99.00%', '100.00%'],
  },
];

test.each(CASES)('ticks: $what', ({ labels, over, values }) => {
  expect(tickLabels({ ...PLAN, ...over }, values)).toEqual(labels);
});
