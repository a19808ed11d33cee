// The dialogs of what operators do: fire, pause, resume, acknowledge.
import { useState } from 'preact/hooks';
import { clockMinute } from '../format.js';
import { board, serverNowMs, windows } from '../live/store.js';
import { pathLabel } from '../parts/path-name.js';
import { t, tn } from '../strings/strings.js';
import { type Role, useAction } from './action.js';
import { ActionDialog, Options, Reason } from './action-dialog.js';
import { closeDialog } from './dialog-state.js';
import { Durations, durationChoices } from './durations.js';

type Scope = 'path' | 'all';

export function FireDialog({ pathId }: { pathId: string | undefined }) {
  const [scope, setScope] = useState<Scope>(pathId === undefined ? 'all' : 'path');
  const action = useAction();
  const count = board.value?.paths.length ?? 0;
  const onePath = scope === 'path' && pathId !== undefined;
  const submit = () => {
    const path = onePath ? `/paths/${encodeURIComponent(pathId)}/fire` : '/cycles';
    action.send(path, {}, closeDialog);
  };
  return (
    <ActionDialog
      title={t('fire.title')}
      note={t('fire.note', { amount: board.value?.cadence.amount ?? '–' })}
      verb={t(onePath ? 'fire.doPath' : 'fire.doCycle')}
      action={action}
      onSubmit={submit}
    >
      <Options
        legend={t('act.what')}
        name="what"
        value={scope}
        onChange={setScope}
        options={[
          ...(pathId === undefined
            ? []
            : [{ value: 'path' as const, text: t('fire.path', { path: pathLabel(pathId) }) }]),
          { value: 'all', text: tn('fire.cycle', count) },
        ]}
      />
    </ActionDialog>
  );
}

function ScopeOptions(props: {
  pathId: string | undefined;
  value: Scope;
  onChange: (scope: Scope) => void;
}) {
  const { onChange, pathId, value } = props;
  const count = board.value?.paths.length ?? 0;
  return (
    <Options
      legend={t('act.scope')}
      name="scope"
      value={value}
      onChange={onChange}
      options={[
        ...(pathId === undefined ? [] : [{ value: 'path' as const, text: pathLabel(pathId) }]),
        { value: 'all', text: tn('act.allPaths', count) },
      ]}
    />
  );
}

function scopeBody(scope: Scope, pathId: string | undefined): object {
  return scope === 'path' && pathId !== undefined ? { path: pathId } : { all: true };
}

export function PauseDialog({ pathId }: { pathId: string | undefined }) {
  const [scope, setScope] = useState<Scope>(pathId === undefined ? 'all' : 'path');
  const [reason, setReason] = useState('');
  const [choice, setChoice] = useState(durationChoices[1]);
  const action = useAction();
  const until = new Date(serverNowMs.value + choice.ms).toISOString();
  const body = { ...scopeBody(scope, pathId), reason, for: choice.text };
  return (
    <ActionDialog
      title={t('pause.title')}
      note={t('pause.note', { at: clockMinute(until) })}
      verb={t('pause.do')}
      action={action}
      onSubmit={() => action.send('/pauses', body, closeDialog)}
    >
      <ScopeOptions pathId={pathId} value={scope} onChange={setScope} />
      <Reason value={reason} onChange={setReason} />
      <Durations value={choice} onChange={setChoice} />
    </ActionDialog>
  );
}

export function ResumeDialog({ pathId }: { pathId: string | undefined }) {
  const pauses = windows.value.filter(({ active, kind }) => kind === 'pause' && active);
  const whole = pauses.some((one) => one.pathId === undefined);
  const [scope, setScope] = useState<Scope>(pathId === undefined || whole ? 'all' : 'path');
  const action = useAction();
  return (
    <ActionDialog
      title={t('resume.title')}
      note={pauses.length === 0 ? t('resume.none') : t('resume.note')}
      verb={t('resume.do')}
      action={action}
      onSubmit={() => action.send('/pauses/resume', scopeBody(scope, pathId), closeDialog)}
    >
      <ScopeOptions pathId={whole ? undefined : pathId} value={scope} onChange={setScope} />
    </ActionDialog>
  );
}

export function AcknowledgeDialog({
  what,
  paths,
  needs = 'operate',
}: {
  what: string;
  paths: readonly string[];
  needs?: Role;
}) {
  const [reason, setReason] = useState('');
  const action = useAction();
  return (
    <ActionDialog
      title={t('ack.title', { what })}
      needs={needs}
      note={t('ack.note')}
      verb={t('ack.do')}
      action={action}
      onSubmit={() => action.send(paths, { reason }, closeDialog)}
    >
      <Reason value={reason} onChange={setReason} />
    </ActionDialog>
  );
}
