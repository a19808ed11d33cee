// Dark or light: the system's choice until the reader makes one.
import { kept } from './live/kept.js';

type Theme = 'light' | 'dark';

export function applyKeptTheme(): void {
  const theme = kept.get('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
}

export function switchTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const now = document.documentElement.dataset.theme ?? (dark ? 'dark' : 'light');
  const next: Theme = now === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  kept.set('theme', next);
}
