// The shell: bar, navigation, how live the page is, and the page that the address names.
import { useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { AuditorPage } from './auditor/auditor-page.js';
import { CanariesPage } from './canaries/canaries-page.js';
import { DialogHost } from './dialogs/dialog-host.js';
import { openDialog } from './dialogs/dialog-state.js';
import { clockTime, duration } from './format.js';
import { followKeys } from './keys.js';
import {
  auditor,
  board,
  connection,
  isBroken,
  me,
  needsSignIn,
  route,
  serverNowMs,
  state,
} from './live/store.js';
import { DefectGuard } from './parts/defect-guard.js';
import { Icon } from './parts/marks.js';
import { formatRoute } from './route.js';
import { LANGUAGES, language, setLanguage, t, tn } from './strings/strings.js';
import { tabOf } from './tab.js';
import { showTab } from './tab-signs.js';
import { switchTheme } from './theme.js';

export function App() {
  useEffect(followKeys, []);
  useSignalEffect(() => {
    const { value } = route;
    const root = document.documentElement;
    root.classList.toggle('sel', value.page === 'canaries' && value.path !== undefined);
    const { kind } = connection.value;
    root.classList.toggle('stale', kind === 'lost' || kind === 'stale');
    const audited = auditor.value?.state?.outcome;
    const tab = tabOf({
      page: value.page,
      connection: kind,
      isBroken: isBroken.value,
      state: state.value,
      audited,
    });
    showTab(tab, value.page);
  });
  return (
    <>
      <button type="button" class="skip" onClick={skipToContent}>
        {t('app.skip')}
      </button>
      <Bar />
      <main id="main" class="wide" tabIndex={-1}>
        <DefectGuard>
          <Page />
        </DefectGuard>
      </main>
      <DialogHost signIn={needsSignIn.value} />
    </>
  );
}

/** The hash is the address of the page, so that no link may lead to a place within it. */
function skipToContent(): void {
  document.getElementById('main')?.focus();
}

function Page() {
  const { value } = route;
  if (value.page === 'auditor') return <AuditorPage />;
  if (value.page === 'canaries') return <CanariesPage path={value.path} />;
  return (
    <p class="lonely">
      {t('app.unknownPage')}{' '}
      <a href={formatRoute({ page: 'canaries' })}>{t('app.unknownPageNext')}</a>
    </p>
  );
}

function Bar() {
  const { page } = route.value;
  const { value: known } = board;
  const registries = known?.shape.frames.flatMap((frame) => frame.registries) ?? [];
  const other = LANGUAGES.find((one) => one !== language.value) ?? 'en';
  return (
    <header class="bar">
      <div class="wide">
        <span class="brand">
          <Icon name="brand" className="i18" />
          <span>{t('app.brand')}</span>
        </span>
        <nav aria-label={t('app.pages')}>
          <PageLink to="canaries" current={page === 'canaries'} />
          <PageLink to="auditor" current={page === 'auditor'} />
        </nav>
        <div class="end">
          {known !== undefined && (
            <span class="q env">
              {tn('app.frames', known.shape.frames.length)},{' '}
              {tn('app.registries', registries.length)}
            </span>
          )}
          <Live />
          <Account />
          <button
            type="button"
            class="btn ghost sm"
            lang={other}
            onClick={() => setLanguage(other)}
          >
            {other.toUpperCase()}
            <span class="vh"> {t('app.languageLabel')}</span>
          </button>
          <button
            type="button"
            class="btn ghost sm"
            aria-label={t('app.theme')}
            onClick={switchTheme}
          >
            <Icon name="theme" />
          </button>
        </div>
      </div>
    </header>
  );
}

/** Who is signed in; nobody is where the reactor asks for nothing. */
function Account() {
  const { value } = me;
  if (value?.session !== true) return null;
  return (
    <button
      type="button"
      class="btn ghost sm account"
      title={value.name}
      onClick={() => openDialog({ kind: 'signOut' })}
    >
      <span class="vh">{t('signout.label')} </span>
      <span class="who">{value.name}</span>
    </button>
  );
}

function PageLink({ to, current }: { to: 'canaries' | 'auditor'; current: boolean }) {
  return (
    <a href={formatRoute({ page: to })} {...(current ? { 'aria-current': 'page' } : {})}>
      {t(`app.${to}`)}
    </a>
  );
}

function Live() {
  const { value } = connection;
  const now = new Date(serverNowMs.value).toISOString();
  const look = value.kind === 'live' ? ['passed', 'pass'] : ['overdue', 'warn'];
  const text =
    value.kind === 'stale'
      ? t('link.stale', { age: duration(value.ageMs) })
      : t(`link.${value.kind}`);
  return (
    <span class="live">
      <Icon name={look[0] ?? 'open'} className={`i14 ${look[1]}`} />
      <span role="status">{text}</span>
      {value.kind === 'live' && <span class="q env">· {clockTime(now)} UTC</span>}
    </span>
  );
}
