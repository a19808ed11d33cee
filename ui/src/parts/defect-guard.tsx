// A defect of the page itself: it is said, and nothing half drawn stands there as if it were true.
import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { isBroken } from '../live/store.js';
import { t } from '../strings/strings.js';

export function DefectGuard({ children }: { children: ComponentChildren }) {
  const [error] = useErrorBoundary((caught) => {
    isBroken.value = true;
    // The browser's console has it as if nobody had caught it.
    reportError(caught);
  });
  if (error === undefined) return <>{children}</>;
  return (
    <div class="lonely" role="alert">
      <h1>{t('defect.title')}</h1>
      <p>{t('defect.text')}</p>
      <p class="q">{String(error)}</p>
      <button type="button" class="btn pri" onClick={() => location.reload()}>
        {t('defect.reload')}
      </button>
    </div>
  );
}
