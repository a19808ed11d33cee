// Sending an action from a dialog: one key for as long as it asks for the same, so that sending
// again after a lost answer does nothing twice.
import { useRef, useState } from 'preact/hooks';
import { act, describe } from '../live/api.js';
import { readAgain } from '../live/feed.js';
import { me } from '../live/store.js';
import { randomId } from '../random-id.js';
import { t } from '../strings/strings.js';

export type Sending =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly text: string };

export interface Action {
  readonly sending: Sending;
  /** The same to each path; calls back once all was done. */
  send(paths: string | readonly string[], body: object, onDone: () => void): void;
}

export function useAction(): Action {
  const [sending, setSending] = useState<Sending>({ kind: 'idle' });
  const request = useRef({ text: '', key: '' });
  const send = async (paths: readonly string[], body: object, onDone: () => void) => {
    const text = JSON.stringify([paths, body]);
    if (request.current.text !== text) request.current = { text, key: randomId() };
    setSending({ kind: 'running' });
    const { key } = request.current;
    const replies = await Promise.all(
      paths.map((path, index) => act<unknown>(path, body, `${key}-${index}`)),
    );
    const reply = replies.find(({ kind }) => kind !== 'ok');
    if (reply === undefined || reply.kind === 'ok') {
      onDone();
      await readAgain();
      return;
    }
    if (reply.kind === 'problem') {
      // What was refused is another request once it is mended.
      request.current = { text: '', key: '' };
      setSending({ kind: 'failed', text: t('act.failed', { reason: describe(reply.problem) }) });
      return;
    }
    setSending({ kind: 'failed', text: t('act.lost', { reason: `${reply.reason}.` }) });
  };
  return { sending, send: (paths, body, onDone) => void send([paths].flat(), body, onDone) };
}

const ROLES = ['read', 'operate', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Why the reader may not do it, in words; `undefined` where he may, or nobody has said. */
export function barredFrom(needs: Role): string | undefined {
  const role = me.value?.role;
  if (role === undefined || ROLES.indexOf(role) >= ROLES.indexOf(needs)) return undefined;
  return t('act.needs', { role, needs });
}
