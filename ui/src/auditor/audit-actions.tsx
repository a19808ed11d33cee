// The two questions that a reader of the auditor's page can put at once: audit now, and whether all
// certificates hold. What came of it is told in words, where the button was.
import { useState } from 'preact/hooks';
import type { CertificateView } from '../../../src/admin/views/certificate-view.js';
import { barredFrom } from '../dialogs/action.js';
import { whole } from '../format.js';
import { act, describe, LONG_TIMEOUT_MS, type Reply, read } from '../live/api.js';
import { readAll } from '../live/feed.js';
import { Icon } from '../parts/marks.js';
import { randomId } from '../random-id.js';
import { numberStyle, t } from '../strings/strings.js';
import { AUDIT_ICONS } from './audit-state.js';
import { AUDIT_TINTS } from './sentence.js';

type Outcome = keyof typeof AUDIT_TINTS;

interface Said {
  readonly outcome: Outcome;
  readonly text: string;
}

interface Verification {
  readonly certificates: number;
  readonly events: number;
  readonly holds: boolean;
  readonly broken?: { readonly number: number; readonly problem: string } | undefined;
}

type Running = 'audit' | 'verify' | undefined;

export function AuditActions() {
  const [running, setRunning] = useState<Running>();
  const [said, setSaid] = useState<Said>();
  const run = async (which: Running, ask: () => Promise<Said>) => {
    setRunning(which);
    setSaid(undefined);
    setSaid(await ask());
    setRunning(undefined);
    await readAll();
  };
  const barred = barredFrom('operate');
  return (
    <>
      <p class="asked" role="status">
        {said !== undefined && (
          <>
            <Icon name={AUDIT_ICONS[said.outcome]} className={AUDIT_TINTS[said.outcome]} />
            {said.text}
          </>
        )}
      </p>
      <div class="end">
        <button
          type="button"
          class="btn"
          title={barred}
          disabled={barred !== undefined || running !== undefined}
          onClick={() => void run('audit', auditNow)}
        >
          {t(running === 'audit' ? 'aud.nowRunning' : 'aud.now')}
        </button>
        <button
          type="button"
          class="btn"
          disabled={running !== undefined}
          onClick={() => void run('verify', verify)}
        >
          {t(running === 'verify' ? 'aud.verifyRunning' : 'aud.verify')}
        </button>
      </div>
    </>
  );
}

async function auditNow(): Promise<Said> {
  const reply = await act<{ readonly certificate: CertificateView }>(
    '/audits',
    {},
    randomId(),
    LONG_TIMEOUT_MS,
  );
  if (reply.kind !== 'ok') return refusal(reply);
  const { headline, number, outcome } = reply.value.certificate;
  const certificate = t('aud.sinceCertificate', { number: whole(number, numberStyle()) });
  const text = outcome === 'violated' ? headline : t(`aud.${outcome}`);
  return { outcome, text: `${certificate} ${text}` };
}

async function verify(): Promise<Said> {
  const reply = await read<Verification>('/audits/verification', LONG_TIMEOUT_MS);
  return reply.kind === 'ok' ? verificationText(reply.value) : refusal(reply);
}

function verificationText({ broken, certificates, events }: Verification): Said {
  const style = numberStyle();
  if (broken !== undefined) {
    const { number, problem } = broken;
    return {
      outcome: 'violated',
      text: t('aud.chainBroken', { number: whole(number, style), problem }),
    };
  }
  if (certificates === 0) return { outcome: 'unknown', text: t('aud.verifiedNothing') };
  const counts = { count: whole(certificates, style), events: whole(events, style) };
  return { outcome: 'ok', text: t('aud.verified', counts) };
}

function refusal(reply: Exclude<Reply<unknown>, { kind: 'ok' }>): Said {
  const reason = reply.kind === 'problem' ? describe(reply.problem) : reply.reason;
  return { outcome: 'unknown', text: t('act.failed', { reason }) };
}
