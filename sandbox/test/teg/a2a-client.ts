// A2A tokens as their issuer and their holder handle them.
import { callTeg, tegOf } from './teg-client.js';
import type { TegPlatform } from './teg-platform.js';

export interface A2aCall {
  /** Tokens are told apart by number. */
  readonly number: number;
  /** Aliases such as `A1/1`. */
  readonly issuer: string;
  readonly holder: string;
  readonly amount?: string;
  readonly lifetimeMs?: number;
}

export type A2aAction = 'offer' | 'accept' | 'redeem' | 'cancel';

/** An id that looks random to nobody but is a UUID to all. */
export function tokenIdOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** `as` is whose token is sent; by default who may take the action. */
export function stepA2a(
  platform: TegPlatform,
  action: A2aAction,
  call: A2aCall,
  as = action === 'offer' || action === 'cancel' ? call.issuer : call.holder,
) {
  const { number, issuer, holder, amount = '5', lifetimeMs = 60_000 } = call;
  const tokenId = tokenIdOf(number);
  const isOffer = action === 'offer';
  const path = isOffer ? '/teg/a2a-tokens' : `/teg/a2a-tokens/${tokenId}/${action}`;
  return callTeg(tegOf(platform, issuer), 'POST', path, {
    token: platform.tokens.agent(platform.id(as)),
    ...(isOffer && {
      body: {
        ...{ token_id: tokenId, issuer: platform.id(issuer), holder: platform.id(holder) },
        ...{ amount, lifetime_ms: lifetimeMs },
      },
    }),
    timeoutMs: 10_000,
  });
}
