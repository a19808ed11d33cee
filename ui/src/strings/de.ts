// The catalogue in German, key by key as the English one.
import { DE_AUDITOR } from './de-auditor.js';
import { DE_CANARIES } from './de-canaries.js';
import { DE_COMMON } from './de-common.js';
import { DE_TEST } from './de-test.js';
import type { Key } from './en.js';

export const DE: Readonly<Record<Key, string>> = {
  ...DE_COMMON,
  ...DE_CANARIES,
  ...DE_TEST,
  ...DE_AUDITOR,
};
