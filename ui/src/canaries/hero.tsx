// Title, the italic i, and the actions on everything.
import { signal } from '@preact/signals';
import { openDialog } from '../dialogs/dialog-state.js';
import { windows } from '../live/store.js';
import { Icon } from '../parts/marks.js';
import { t } from '../strings/strings.js';

/** Whether the panel of six blocks is open. */
export const aboutOpen = signal(false);

export function Hero() {
  const open = aboutOpen.value;
  const paused = windows.value.some(({ active, kind }) => kind === 'pause' && active);
  return (
    <div class="hero">
      <h1>{t('app.title')}</h1>
      <button
        type="button"
        class="ibtn"
        aria-expanded={open}
        aria-controls="about"
        aria-label={t('hero.about')}
        onClick={() => {
          aboutOpen.value = !open;
        }}
      >
        i
      </button>
      <div class="end">
        <button type="button" class="btn" onClick={() => openDialog({ kind: 'fire' })}>
          <Icon name="fire" />
          {t('hero.fire')}
        </button>
        <button type="button" class="btn" onClick={() => openDialog({ kind: 'pause' })}>
          <Icon name="pause" />
          {t('hero.pause')}
        </button>
        {paused && (
          <button type="button" class="btn" onClick={() => openDialog({ kind: 'resume' })}>
            {t('hero.resume')}
          </button>
        )}
        <button type="button" class="btn" onClick={() => openDialog({ kind: 'maintenance' })}>
          <Icon name="maint" />
          {t('hero.maintenance')}
        </button>
      </div>
    </div>
  );
}
