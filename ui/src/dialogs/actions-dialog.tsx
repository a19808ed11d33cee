// What operators did, over every face, the newest first: the log of actions.
import { useEffect, useState } from 'preact/hooks';
import { dayTime } from '../format.js';
import { describe, type Reply, read } from '../live/api.js';
import { serverNowMs } from '../live/store.js';
import { Dialog } from '../parts/dialog.js';
import { t } from '../strings/strings.js';
import { closeDialog } from './dialog-state.js';

const SHOWN = 50;

interface ActionView {
  readonly action: number;
  readonly at: string;
  readonly actor: string;
  readonly face: string;
  readonly operation: string;
  readonly subject: string;
  readonly input: unknown;
  readonly outcome: string;
}

type Page = Reply<{ readonly actions: readonly ActionView[] }>;

export function ActionsDialog() {
  const [page, setPage] = useState<Page>();
  useEffect(() => {
    void read<{ readonly actions: readonly ActionView[] }>(`/actions?limit=${SHOWN}`).then(setPage);
  }, []);
  return (
    <Dialog title={t('done.title')} onClose={closeDialog} onSubmit={closeDialog} wide>
      <Content page={page} />
      <div class="foot">
        <button type="submit" class="btn pri">
          {t('keys.done')}
        </button>
      </div>
    </Dialog>
  );
}

function Content({ page }: { page: Page | undefined }) {
  if (page === undefined) return <p class="note">{t('done.loading')}</p>;
  if (page.kind !== 'ok') {
    const reason = page.kind === 'problem' ? describe(page.problem) : page.reason;
    return <p class="note fail">{t('done.failed', { reason })}</p>;
  }
  const { actions } = page.value;
  if (actions.length === 0) return <p class="note">{t('done.nothing')}</p>;
  return (
    <table class="tab acts">
      <thead>
        <tr>
          <th scope="col">{t('done.at')}</th>
          <th scope="col">{t('done.what')}</th>
          <th scope="col">{t('done.who')}</th>
          <th scope="col">{t('done.outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {actions.map((one) => (
          <tr key={one.action}>
            <td>{dayTime(one.at, serverNowMs.value)}</td>
            <td>
              <b>{one.operation}</b> {one.subject}
              {reasonOf(one) !== '' && <small>{reasonOf(one)}</small>}
            </td>
            <td>{t('done.over', { actor: one.actor, face: one.face })}</td>
            <td>{one.outcome}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Why, where the action asked for it. */
function reasonOf({ input }: ActionView): string {
  if (typeof input !== 'object' || input === null || !('reason' in input)) return '';
  return typeof input.reason === 'string' ? input.reason : '';
}
