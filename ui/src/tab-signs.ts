// Puts title and icon on the browser's tab.
import failing from './icons/failing.svg';
import unclean from './icons/unclean.svg';
import unknown from './icons/unknown.svg';
import well from './icons/well.svg';
import { t, tn } from './strings/strings.js';
import type { Tab, TabFacts } from './tab.js';

const ICONS: Readonly<Record<Tab['icon'], string>> = { failing, unclean, unknown, well };

export function showTab({ icon, says }: Tab, page: TabFacts['page']): void {
  const name = t(page === 'auditor' ? 'aud.title' : 'app.title');
  const words = wordsOf(says);
  document.title = words === undefined ? name : `${words} · ${name}`;
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (link !== null && link.getAttribute('href') !== ICONS[icon]) link.href = ICONS[icon];
}

function wordsOf(says: Tab['says']): string | undefined {
  switch (says.kind) {
    case 'nothing':
      return undefined;
    case 'defect':
      return t('defect.tab');
    case 'lost':
      return t('link.lost');
    case 'failing':
      return tn('tab.failing', says.count);
    case 'unclean':
      return tn('tab.unclean', says.count);
    case 'silent':
      return t('state.silent');
    case 'violated':
      return t('aud.violated');
  }
}
