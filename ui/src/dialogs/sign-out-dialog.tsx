// Who is signed in, and the way out: this browser forgets what it keeps, and the page begins anew,
// so that nothing read before stands on it.
import { me } from '../live/store.js';
import { t } from '../strings/strings.js';
import { useAction } from './action.js';
import { ActionDialog } from './action-dialog.js';

export function SignOutDialog() {
  const action = useAction();
  const { name, role } = me.value ?? { name: '', role: 'read' };
  return (
    <ActionDialog
      title={t('signout.title')}
      note={t('signout.text', { name, role })}
      verb={t('signout.title')}
      needs="read"
      action={action}
      onSubmit={() => action.send('/session/end', {}, () => location.reload())}
    />
  );
}
