// The keys that are worth knowing, at the foot of the page.
import { openDialog } from './dialogs/dialog-state.js';
import { t } from './strings/strings.js';

export function KeysFooter() {
  return (
    <footer class="foot-page keys">
      <span>
        <button type="button" class="btn ghost sm" onClick={() => openDialog({ kind: 'keys' })}>
          <kbd>?</kbd> {t('keys.all')}
        </button>
      </span>
      <span>
        <ActionsButton />
      </span>
      <Hint keys={['j', 'k']} text={t('keys.next')} />
      <Hint keys={['n', 'N']} text={t('keys.unclean')} />
      <Hint keys={['l']} text={t('keys.log')} />
      <Hint keys={['t']} text={t('keys.tail')} />
      <Hint keys={['Esc']} text={t('keys.close')} />
    </footer>
  );
}

/** Opens the log of what operators did. */
export function ActionsButton() {
  return (
    <button type="button" class="btn ghost sm" onClick={() => openDialog({ kind: 'actions' })}>
      {t('done.title')}
    </button>
  );
}

function Hint({ keys, text }: { keys: readonly string[]; text: string }) {
  return (
    <span class="keyhint">
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}{' '}
      {text}
    </span>
  );
}
