// Asks who the reader is, where the reactor wants to know: by way of an issuer where there is one,
// or by a token. The server keeps either in a cookie that no script reads.
import { useEffect, useState } from 'preact/hooks';
import { act, describe, type Reply } from '../live/api.js';
import { connect, readAll } from '../live/feed.js';
import { issuer, readWays, signInRefusal } from '../live/sign-in.js';
import { type Me, me, needsSignIn } from '../live/store.js';
import { Dialog } from '../parts/dialog.js';
import { randomId } from '../random-id.js';
import { t } from '../strings/strings.js';

export function SignInDialog() {
  const [token, setToken] = useState('');
  const [refusal, setRefusal] = useState('');
  useEffect(() => void readWays(), []);
  const enter = async () => {
    const asked = { token: token.trim() };
    const reply = await act<Omit<Me, 'session'>>('/session', asked, randomId());
    if (reply.kind !== 'ok') {
      setRefusal(refusalOf(reply));
      return;
    }
    me.value = { ...reply.value, session: true };
    needsSignIn.value = false;
    signInRefusal.value = undefined;
    connect();
    await readAll();
  };
  return (
    <Dialog
      title={t('signin.title')}
      onClose={() => {
        needsSignIn.value = false;
      }}
      onSubmit={() => void enter()}
    >
      <ByIssuer />
      <p class="note">{t(issuer.value === undefined ? 'signin.text' : 'signin.orToken')}</p>
      <div>
        <label class="l" for="token">
          {t('signin.token')}
        </label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          required
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </div>
      <p class="note fail" role="alert">
        {refusal}
      </p>
      <div class="foot">
        <button type="submit" class={`btn ${issuer.value === undefined ? 'pri' : ''}`}>
          {t('signin.enter')}
        </button>
      </div>
    </Dialog>
  );
}

/** Only what the server does not know is a wrong token; the rest may be right, and is told. */
function refusalOf(reply: Exclude<Reply<unknown>, { kind: 'ok' }>): string {
  if (reply.kind === 'lost') return t('act.lost', { reason: `${reply.reason}.` });
  const { problem } = reply;
  if (problem.status === 401 || problem.status === 422) return t('signin.refused');
  return t('act.failed', { reason: describe(problem) });
}

/** The issuer's own page asks for the rest, and sends the browser back to where it was. */
function ByIssuer() {
  const { value: way } = issuer;
  const { value: refusal } = signInRefusal;
  return (
    <>
      {refusal !== undefined && (
        <p class="note fail" role="alert">
          {t(`signin.why.${refusal}`)}
        </p>
      )}
      {way !== undefined && (
        <a class="btn pri" href={`${way.url}?back=${encodeURIComponent(location.hash)}`}>
          {t('signin.with', { name: way.name })}
        </a>
      )}
    </>
  );
}
