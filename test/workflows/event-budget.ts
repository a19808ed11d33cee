// What a test may cost: 20 history events when it ends by one signal, 4 more for each further one.

const BY_ONE_SIGNAL_MAX = 20;
const FURTHER_SIGNAL_MAX = 4;

interface MaybeSignal {
  readonly workflowExecutionSignaledEventAttributes?: unknown;
}

export function signalsOf(events: readonly MaybeSignal[]): number {
  return events.filter((one) => one.workflowExecutionSignaledEventAttributes).length;
}

/** How many events a history with these signals may have; undefined where no signal came. */
export function eventsMaxOf(events: readonly MaybeSignal[]): number | undefined {
  const signals = signalsOf(events);
  return signals === 0 ? undefined : BY_ONE_SIGNAL_MAX + FURTHER_SIGNAL_MAX * (signals - 1);
}
