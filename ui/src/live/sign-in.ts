// Signing in by way of an issuer: whether there is one, and what came of the last try.
import { signal } from '@preact/signals';
import { read } from './api.js';

export interface Issuer {
  readonly name: string;
  /** Where the browser goes to sign in. */
  readonly url: string;
}

export const REFUSALS = ['not-begun', 'refused', 'no-role', 'too-long', 'away'] as const;
export type SignInRefusal = (typeof REFUSALS)[number];

export const issuer = signal<Issuer | undefined>(undefined);
export const signInRefusal = signal<SignInRefusal | undefined>(undefined);

const QUERY = 'sign-in';

/** What the server wrote into the address; taken out, so that a reload does not tell it again. */
export function readRefusal(): SignInRefusal | undefined {
  const said = new URLSearchParams(location.search).get(QUERY);
  if (said === null) return undefined;
  history.replaceState(null, '', location.pathname + location.hash);
  signInRefusal.value = REFUSALS.find((one) => one === said) ?? 'refused';
  return signInRefusal.value;
}

export async function readWays(): Promise<void> {
  const reply = await read<{ readonly issuer?: Issuer }>('/session/ways');
  if (reply.kind === 'ok') issuer.value = reply.value.issuer;
}
