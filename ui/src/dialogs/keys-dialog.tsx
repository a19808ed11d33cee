// Every key, and the switch for those that are letters.
import { KEY_HELP, lettersOn, setLetters } from '../keys.js';
import { Dialog } from '../parts/dialog.js';
import { t } from '../strings/strings.js';

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('keys.title')} onClose={onClose} onSubmit={onClose}>
      <ul class="keylist">
        {KEY_HELP.map(([key, ...keys]) => (
          <li key={key}>
            <span>
              {keys.map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </span>
            {t(key)}
          </li>
        ))}
      </ul>
      <label class="o">
        <input
          type="checkbox"
          checked={lettersOn.value}
          onChange={(event) => setLetters(event.currentTarget.checked)}
        />
        {t('keys.on')}
      </label>
      <div class="foot">
        <button type="submit" class="btn pri">
          {t('keys.done')}
        </button>
      </div>
    </Dialog>
  );
}
