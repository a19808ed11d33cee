// The auditor's page: is it zero, since when, by which equation, chain, transit and findings. It
// says nothing about canaries.

import { LinkNotice } from '../canaries/notices.js';
import { ActionsButton } from '../keys-footer.js';
import { auditor } from '../live/store.js';
import { formatRoute } from '../route.js';
import { t } from '../strings/strings.js';
import { AuditActions } from './audit-actions.js';
import { AuditState } from './audit-state.js';
import { Chain } from './chain.js';
import { Equation } from './equation.js';
import { FindingPanel } from './finding-panel.js';
import { Transit } from './transit.js';

export function AuditorPage() {
  const { value } = auditor;
  return (
    <>
      <div class="hero">
        <h1>{t('aud.title')}</h1>
        <AuditActions />
      </div>
      <LinkNotice />
      <AuditState view={value} />
      <div class="col">
        <Equation view={value} />
        {value?.standing.map((finding) => (
          <FindingPanel key={finding.id} finding={finding} view={value} />
        ))}
        <div class="two-col">
          <Transit view={value} />
          <div class="col">
            <Chain view={value} />
            {value?.lastClosed !== undefined && (
              <FindingPanel finding={value.lastClosed} view={value} />
            )}
          </div>
        </div>
      </div>
      <footer class="foot-page">
        <span>
          {t('aud.foot')} <a href={formatRoute({ page: 'canaries' })}>{t('aud.footLink')}</a>.
        </span>
        <ActionsButton />
      </footer>
    </>
  );
}
