// Asks who the reader is, where the reactor wants to know: by way of an issuer where there is one,
// or by a token. The server keeps either in a cookie that no script reads.
import { useEffect, useState } from 'preact/hooks';
import { act } from '../live/api.js';
import { connect, readAll } from '../live/feed.js';
import { issuer, readWays, signInRefusal } from '../live/sign-in.js';
import { type Me, me, needsSignIn } from '../live/store.js';
import { Dialog } from '../parts/dialog.js';
import { t } from '../strings/strings.js';

export function SignInDialog() {
  const [token, setToken] = useState('');
  const [refused, setRefused] = useState(false);
  useEffect(() => void readWays(), []);
  const enter = async () => {
    const reply = await act<Omit<Me, 'session'>>(
      '/session',
      { token: token.trim() },
      crypto.randomUUID(),
    );
    if (reply.kind !== 'ok') {
      setRefused(true);
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
        {refused ? t('signin.refused') : ''}
      </p>
      <div class="foot">
        <button type="submit" class={`btn ${issuer.value === undefined ? 'pri' : ''}`}>
          {t('signin.enter')}
        </button>
      </div>
    </Dialog>
  );
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
