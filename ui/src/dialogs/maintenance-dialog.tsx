// A maintenance window: of a path or of all, from when to when, and why.
import { useState } from 'preact/hooks';
import { board, serverNowMs } from '../live/store.js';
import type { WindowView } from '../live/windows.js';
import { pathLabel } from '../parts/path-name.js';
import { t, tn } from '../strings/strings.js';
import { useAction } from './action.js';
import { ActionDialog, Reason } from './action-dialog.js';
import { closeDialog } from './dialog-state.js';
import { formatMoment, parseMoment } from './moment.js';

const HOUR_MS = 3_600_000;

export function MaintenanceDialog({ pathId }: { pathId: string | undefined }) {
  const [scope, setScope] = useState(pathId ?? '');
  const [from, setFrom] = useState(() => formatMoment(serverNowMs.value));
  const [to, setTo] = useState(() => formatMoment(serverNowMs.value + HOUR_MS));
  const [reason, setReason] = useState('');
  const action = useAction();
  const submit = () => {
    const body = {
      ...(scope === '' ? { all: true } : { path: scope }),
      from: parseMoment(from),
      until: parseMoment(to),
      reason,
    };
    action.send('/maintenance', body, closeDialog);
  };
  return (
    <ActionDialog
      title={t('maint.title')}
      note={t('maint.note')}
      verb={t('maint.do')}
      action={action}
      onSubmit={submit}
    >
      <ScopeSelect value={scope} onChange={setScope} />
      <div class="two">
        <Moment id="from" label={t('maint.from')} value={from} onChange={setFrom} />
        <Moment id="to" label={t('maint.to')} value={to} onChange={setTo} />
      </div>
      <Reason value={reason} onChange={setReason} />
    </ActionDialog>
  );
}

function ScopeSelect({ value, onChange }: { value: string; onChange: (scope: string) => void }) {
  const paths = board.value?.paths ?? [];
  return (
    <div>
      <label class="l" for="scope">
        {t('act.scope')}
      </label>
      <select id="scope" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{tn('act.allPaths', paths.length)}</option>
        {paths.map((path) => (
          <option key={path.pathId} value={path.pathId}>
            {pathLabel(path.pathId)}
          </option>
        ))}
      </select>
    </div>
  );
}

function Moment({
  id,
  label,
  value,
  onChange,
}: {
  id: string;
  label: string;
  value: string;
  onChange: (text: string) => void;
}) {
  return (
    <div>
      <label class="l" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="text"
        required
        value={value}
        pattern="\d{4}-\d{2}-\d{2} \d{2}:\d{2}"
        title={t('maint.badTime')}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

export function EndWindowDialog({ window }: { window: WindowView }) {
  const action = useAction();
  const scope = window.pathId === undefined ? t('notice.everything') : pathLabel(window.pathId);
  return (
    <ActionDialog
      title={t('notice.end')}
      note={`${scope}: ${window.reason}`}
      verb={t('notice.end')}
      action={action}
      onSubmit={() => action.send(`/maintenance/${window.window}/end`, {}, closeDialog)}
    />
  );
}
