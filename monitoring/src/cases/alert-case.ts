// A case of an alert: series as they were seen on a running platform, with values that break
// something, a moment at which the alert must still be silent, and one at which it must fire.

export interface AlertCase {
  readonly alert: string;
  /** What is broken, for the reader of a failed run. */
  readonly what: string;
  readonly series: readonly CaseSeries[];
  readonly silentAt: string;
  readonly firesAt: string;
  /** The labels of the first series that the alert keeps; all of them unless said. */
  readonly keeps?: readonly string[];
  /** Labels that come from elsewhere. */
  readonly adds?: Readonly<Record<string, string>>;
  /** The description as it reads when it fires; `{instance}` stands for a label of the alert. */
  readonly says: string;
}

export interface CaseSeries {
  /** `metric{label="value"}`: picks the recorded series that have at least these labels. */
  readonly select: string;
  /** In promtool's notation, one value per evaluation interval. */
  readonly values: string;
  /** How many of the picked series are used; one unless said. */
  readonly count?: number | 'all';
}
