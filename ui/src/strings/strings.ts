// Words by key in the language of the reader, with figures in its style.
import { signal } from '@preact/signals';
import type { NumberStyle } from '../format.js';
import { kept } from '../live/kept.js';
import { DE } from './de.js';
import { EN, type Key, type PairKey } from './en.js';
import { fill, type Params } from './fill.js';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

const CATALOGUES: Readonly<Record<Language, Readonly<Record<Key, string>>>> = { en: EN, de: DE };
const STYLES: Readonly<Record<Language, NumberStyle>> = {
  en: { group: ',', decimal: '.' },
  de: { group: '.', decimal: ',' },
};

export const language = signal<Language>(firstLanguage());

export function setLanguage(next: Language): void {
  language.value = next;
  kept.set('language', next);
}

export function numberStyle(): NumberStyle {
  return STYLES[language.value];
}

export function t(key: Key, params: Params = {}): string {
  return fill(CATALOGUES[language.value][key], params);
}

/** One or many; the count itself is `{count}`. */
export function tn(pair: PairKey, count: number, params: Params = {}): string {
  return t(`${pair}.${count === 1 ? 'one' : 'other'}` as Key, { count, ...params });
}

function firstLanguage(): Language {
  const wanted = kept.get('language') ?? navigator.language.slice(0, 2);
  return LANGUAGES.find((one) => one === wanted) ?? 'en';
}
