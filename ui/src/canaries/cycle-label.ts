// A cycle in a form that fits a column: `18:30:00`, `hand 18:30:00`; another id as it is.
import { cycleClock } from '../format.js';
import { t } from '../strings/strings.js';

export function cycleLabel(cycleId: string): string {
  const { byHand = false, clock = cycleId } = cycleClock(cycleId) ?? {};
  return byHand ? t('cycle.byHand', { clock }) : clock;
}
