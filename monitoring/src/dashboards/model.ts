// What a dashboard is before Grafana sees it: rows of data that the builders interpret. The PromQL
// can be read here without the JSON around it.

import type { ApiQuery } from './api-panels.js';

export interface DashboardPlan {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly VariableName[];
  readonly annotations: readonly AnnotationName[];
  readonly sections: readonly Section[];
}

/** The names of `variables.ts`. */
export type VariableName =
  | 'frame'
  | 'path'
  | 'backend'
  | 'service'
  | 'registry'
  | 'database'
  | 'container'
  | 'traffic';

/** The names of `annotations.ts`. */
export type AnnotationName =
  | 'workerRestarts'
  | 'registryRestarts'
  | 'eventStoreRestarts'
  | 'tegRestarts'
  | 'warmUp';

export interface Section {
  readonly title: string;
  /** Collapsed sections ask nothing of Prometheus until somebody opens them. */
  readonly collapsed?: true;
  readonly panels: readonly PanelPlan[];
}

/**
 * `stat` shows the newest value of each series, `chart` lines, `stacked` areas on each other,
 * `states` a coloured band per series, `table` a line per label set and a column per query,
 * `api` a line per entry of a list that an HTTP API answers; it has no queries.
 */
export type PanelKind = 'stat' | 'chart' | 'stacked' | 'states' | 'table' | 'bars' | 'api';

export interface PanelPlan {
  readonly title: string;
  readonly kind: PanelKind;
  /** What is seen here, and what it means when it is not as it should be. */
  readonly description: string;
  /** Grafana's id of a unit. */
  readonly unit: Unit;
  readonly queries: readonly QueryPlan[];
  /** Of the kind `api`. */
  readonly api?: ApiQuery;
  /** Columns of 24, and rows of some 30 pixels; by default those of the kind. */
  readonly size?: readonly [width: number, height: number];
  readonly thresholds?: readonly Threshold[];
  readonly mappings?: readonly ValueText[];
  readonly decimals?: number;
  /** Charts: the colour of a series by its name, where the name says what is good. */
  readonly colours?: Readonly<Record<string, Colour>>;
  readonly min?: number;
  readonly max?: number;
  /** The axis begins here or lower: a line at the top is then not lost in the frame. */
  readonly softMin?: number;
  /** A logarithmic scale, where series differ by orders of magnitude. */
  readonly logarithmic?: true;
  /** Asks VictoriaMetrics, over this long whatever the dashboard shows. */
  readonly longTerm?: LongTerm;
  /** What stands in place of a value that is not there; `no data` unless given. */
  readonly noValue?: string;
  /** Where a click leads. */
  readonly drill?: Drill;
  /** Tables: the labels that make the first columns, with the titles of the columns. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Tables: the title of the column that orders the lines, and whether the greatest is first. */
  readonly sortBy?: { readonly column: string; readonly descending: boolean };
  /** Stats: the name of the series beside the value, where there is more than one. */
  readonly named?: true;
}

export interface QueryPlan {
  readonly expr: string;
  /** The name of the series, or the title of the table's column. */
  readonly legend: string;
  /** Tables: the column's own unit, colours and texts. */
  readonly unit?: Unit;
  readonly thresholds?: readonly Threshold[];
  readonly mappings?: readonly ValueText[];
  readonly decimals?: number;
  /** At least this long between two points; `$__rate_interval` is then four times it. */
  readonly minStep?: '1m';
  /** Why a healthy installation may have no series here; without it an empty answer is a fault. */
  readonly emptyBecause?: string;
}

export interface LongTerm {
  /** As Grafana writes it: `30d`. */
  readonly over: string;
  readonly step: string;
}

export interface Drill {
  readonly uid: string;
  readonly title: string;
  /** Variables of the target that take a label of the series: `{ path: 'path' }`. */
  readonly labels?: Readonly<Record<string, string>>;
}

export type Colour = 'green' | 'yellow' | 'orange' | 'red' | 'blue' | 'purple' | 'text';

/** From this value on; the first one begins at minus infinity. */
export type Threshold = readonly [from: number, colour: Colour];

export interface ValueText {
  readonly value: number;
  readonly text: string;
  readonly colour: Colour;
}

export type Unit =
  | 'short'
  | 'none'
  | 's'
  | 'ms'
  | 'percentunit'
  | 'reqps'
  | 'ops'
  | 'cps'
  | 'bytes'
  | 'Bps'
  | 'dateTimeFromNow'
  | 'suffix: AVT'
  | 'suffix: AVT/s'
  | 'suffix: veToken'
  | 'suffix: events'
  | 'suffix: tests'
  | 'suffix: cycles ago'
  | 'suffix: cores';
