// Asks for a token where the reactor wants one. The server keeps it in a cookie that no script
// reads.
import { useState } from 'preact/hooks';
import { act } from '../live/api.js';
import { connect, readAll } from '../live/feed.js';
import { type Me, me, needsSignIn } from '../live/store.js';
import { Dialog } from '../parts/dialog.js';
import { t } from '../strings/strings.js';

export function SignInDialog() {
  const [token, setToken] = useState('');
  const [refused, setRefused] = useState(false);
  const enter = async () => {
    const reply = await act<Me>('/session', { token: token.trim() }, crypto.randomUUID());
    if (reply.kind !== 'ok') {
      setRefused(true);
      return;
    }
    me.value = reply.value;
    needsSignIn.value = false;
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
      <p class="note">{t('signin.text')}</p>
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
        <button type="submit" class="btn pri">
          {t('signin.enter')}
        </button>
      </div>
    </Dialog>
  );
}
