// Shows the dialog that is open; asking for a token comes before all others.
import { pathLabel } from '../parts/path-name.js';
import { t } from '../strings/strings.js';
import { ActionsDialog } from './actions-dialog.js';
import { closeDialog, dialog, type OpenDialog } from './dialog-state.js';
import { KeysDialog } from './keys-dialog.js';
import { EndWindowDialog, MaintenanceDialog } from './maintenance-dialog.js';
import { AcknowledgeDialog, FireDialog, PauseDialog, ResumeDialog } from './operator-dialogs.js';
import { SignInDialog } from './sign-in-dialog.js';
import { SignOutDialog } from './sign-out-dialog.js';

export function DialogHost({ signIn }: { signIn: boolean }) {
  if (signIn) return <SignInDialog />;
  const { value } = dialog;
  return value === undefined ? null : <Open dialog={value} />;
}

function Open({ dialog: open }: { dialog: OpenDialog }) {
  switch (open.kind) {
    case 'fire':
      return <FireDialog pathId={open.pathId} />;
    case 'pause':
      return <PauseDialog pathId={open.pathId} />;
    case 'resume':
      return <ResumeDialog pathId={open.pathId} />;
    case 'maintenance':
      return <MaintenanceDialog pathId={open.pathId} />;
    case 'end':
      return <EndWindowDialog window={open.window} />;
    case 'acknowledge':
      return (
        <AcknowledgeDialog
          what={pathLabel(open.test.pathId)}
          paths={[`/tests/${encodeURIComponent(open.test.testId)}/acknowledge`]}
        />
      );
    case 'acknowledgePaths':
      return (
        <AcknowledgeDialog
          what={open.what}
          paths={open.pathIds.map((id) => `/paths/${encodeURIComponent(id)}/acknowledge`)}
        />
      );
    case 'acknowledgeFinding':
      return (
        <AcknowledgeDialog
          what={t('ack.finding', { finding: open.findingId })}
          paths={[`/audits/findings/${open.findingId}/acknowledge`]}
          needs="admin"
        />
      );
    case 'signOut':
      return <SignOutDialog />;
    case 'actions':
      return <ActionsDialog />;
    case 'keys':
      return <KeysDialog onClose={closeDialog} />;
  }
}
