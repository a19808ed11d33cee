// The life of an A2A token as a table: states, the drawn steps, who makes them, who is paid.
import { A2A_STATES, type A2aState } from '../names.js';

export const A2A_STEPS = ['accept', 'redeem', 'cancel', 'expire'] as const;

export type A2aStep = (typeof A2A_STEPS)[number];

/** Who may make a step; `clock` is the sweeper, after the token's end. */
export type A2aActor = 'issuer' | 'holder' | 'clock';

export interface A2aRule {
  readonly from: readonly A2aState[];
  readonly to: A2aState;
  readonly by: A2aActor;
  /** Whom the escrow pays; without it nothing moves. */
  readonly pays?: 'issuer' | 'holder';
}

/** The drawing. What is not here is refused. */
export const A2A_RULES: Readonly<Record<A2aStep, A2aRule>> = {
  accept: { from: ['offered'], to: 'accepted', by: 'holder' },
  redeem: { from: ['accepted'], to: 'redeemed', by: 'holder', pays: 'holder' },
  cancel: { from: ['offered'], to: 'cancelled', by: 'issuer', pays: 'issuer' },
  expire: { from: ['offered', 'accepted'], to: 'expired', by: 'clock', pays: 'issuer' },
};

/** States that no drawn step leads out of. */
export const A2A_ENDS: readonly A2aState[] = A2A_STATES.filter((state) =>
  A2A_STEPS.every((step) => !A2A_RULES[step].from.includes(state)),
);

/** Why a step may not be made now; undefined when it may. */
export function refuseStep(
  token: { readonly state: A2aState; readonly expiresAtMs: number },
  step: A2aStep,
  atMs: number,
): string | undefined {
  const { from, by } = A2A_RULES[step];
  if (!from.includes(token.state)) {
    return `"${step}" needs ${from.join(' or ')}, the token is "${token.state}"`;
  }
  const isOver = atMs >= token.expiresAtMs;
  if (by === 'clock') return isOver ? undefined : 'its end has not come';
  return isOver && by === 'holder' ? 'its end has come' : undefined;
}
