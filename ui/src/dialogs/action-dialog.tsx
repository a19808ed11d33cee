// The frame of every action's dialog: fields, what will happen, who may, and how it went.
import type { ComponentChildren } from 'preact';
import { Dialog } from '../parts/dialog.js';
import { t } from '../strings/strings.js';
import { type Action, barredFrom, type Role } from './action.js';
import { closeDialog } from './dialog-state.js';

export function ActionDialog({
  title,
  note,
  verb,
  action,
  onSubmit,
  needs = 'operate',
  children,
}: {
  title: string;
  note: string;
  verb: string;
  action: Action;
  onSubmit: () => void;
  needs?: Role;
  children?: ComponentChildren;
}) {
  const barred = barredFrom(needs);
  const { sending } = action;
  return (
    <Dialog title={title} onClose={closeDialog} onSubmit={onSubmit}>
      {children}
      <p class="note">{note}</p>
      {barred !== undefined && (
        <p class="note warn" id="barred">
          {barred}
        </p>
      )}
      <p class="note fail" role="alert">
        {sending.kind === 'failed' ? sending.text : ''}
      </p>
      <div class="foot">
        <button type="button" class="btn ghost" onClick={closeDialog}>
          {t('act.cancel')}
        </button>
        <button
          type="submit"
          class="btn pri"
          disabled={barred !== undefined || sending.kind === 'running'}
          {...(barred === undefined ? {} : { 'aria-describedby': 'barred' })}
        >
          {sending.kind === 'running' ? t('act.running') : verb}
        </button>
      </div>
    </Dialog>
  );
}

/** One of a few, the first chosen. */
export function Options<T extends string>({
  legend,
  name,
  options,
  value,
  onChange,
}: {
  legend: string;
  name: string;
  options: readonly { readonly value: T; readonly text: string }[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} class="o">
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.text}
        </label>
      ))}
    </fieldset>
  );
}

export function Reason({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  return (
    <div>
      <label class="l" for="reason">
        {t('act.reason')}
      </label>
      <textarea
        id="reason"
        rows={2}
        required
        maxLength={1_000}
        placeholder={t('act.reasonHint')}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
