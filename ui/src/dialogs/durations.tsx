// How long something lasts, in a few steps.
import { t } from '../strings/strings.js';

export interface DurationChoice {
  readonly key: 'act.for15m' | 'act.for1h' | 'act.for4h' | 'act.for1d';
  /** As the API takes it. */
  readonly text: string;
  readonly ms: number;
}

const HOUR_MS = 3_600_000;

export const durationChoices: readonly [
  DurationChoice,
  DurationChoice,
  DurationChoice,
  DurationChoice,
] = [
  { key: 'act.for15m', text: '15m', ms: HOUR_MS / 4 },
  { key: 'act.for1h', text: '1h', ms: HOUR_MS },
  { key: 'act.for4h', text: '4h', ms: 4 * HOUR_MS },
  { key: 'act.for1d', text: '24h', ms: 24 * HOUR_MS },
];

export function Durations({
  value,
  onChange,
}: {
  value: DurationChoice;
  onChange: (choice: DurationChoice) => void;
}) {
  return (
    <fieldset>
      <legend>{t('act.until')}</legend>
      <span class="seg">
        {durationChoices.map((choice) => (
          <button
            key={choice.key}
            type="button"
            aria-pressed={choice === value}
            onClick={() => onChange(choice)}
          >
            {t(choice.key)}
          </button>
        ))}
      </span>
    </fieldset>
  );
}
