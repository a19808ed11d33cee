// The supply as its two voices tell it: the events (EventStore) and the ledger (TEG).
import type { PanelPlan } from './model.js';
import { one, words, ZERO_IS_GOOD } from './selectors.js';

const FRAME = 'frame=~"$frame"';
const THIRD = [8, 7] as const;
const VOICE = '{{frame}} by {{source}}';

export function supplyVoices(): readonly PanelPlan[] {
  return [
    {
      title: 'Circulating, by both voices',
      kind: 'chart',
      size: THIRD,
      description: words(
        'What circulates in each frame. The lines of one frame lie on each other; both are read',
        'at moments of their own, so that a transfer in between shows for one reading.',
      ),
      unit: 'suffix: AVT',
      queries: one(`protocol_supply_circulating_avt{${FRAME}}`, VOICE),
    },
    {
      title: 'In transit between frames',
      kind: 'chart',
      size: THIRD,
      description: 'Sent and not arrived; below 0 in a frame that received more than it sent.',
      unit: 'suffix: AVT',
      queries: one(`protocol_supply_in_transit_avt{frame=~"$frame|all"}`, VOICE),
    },
    {
      title: 'Delta within each voice',
      kind: 'chart',
      size: THIRD,
      description: words(
        'Events: issued - destroyed + transit - circulating. Ledger: circulating + in transit +',
        'issuance. Anything but 0 is wrong.',
      ),
      unit: 'suffix: AVT',
      thresholds: ZERO_IS_GOOD,
      queries: one(`protocol_supply_delta_avt{frame=~"$frame|all"}`, VOICE),
    },
    {
      title: 'Issued and destroyed',
      kind: 'chart',
      size: [12, 7],
      description: 'By the events. Issue is a step that somebody decided, never a slope.',
      unit: 'suffix: AVT',
      queries: [
        { expr: `protocol_supply_issued_avt{${FRAME}}`, legend: '{{frame}} issued' },
        { expr: `protocol_supply_destroyed_avt{${FRAME}}`, legend: '{{frame}} destroyed' },
      ],
    },
    {
      title: 'Delta of the last audit: ledger less events',
      kind: 'chart',
      size: [12, 7],
      description: words(
        'Both voices held against each other at one cut of the log, by the supply auditor.',
        'Its own dashboard is 29 — Supply Auditor.',
      ),
      unit: 'suffix: AVT',
      thresholds: ZERO_IS_GOOD,
      queries: one(`supply_audit_delta_avt{${FRAME}}`, 'frame {{frame}}'),
    },
  ];
}
