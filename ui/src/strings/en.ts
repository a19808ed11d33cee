// The catalogue in English: every word that the page says. Keys ending in one and other are a pair.
import { EN_AUDITOR } from './en-auditor.js';
import { EN_CANARIES } from './en-canaries.js';
import { EN_COMMON } from './en-common.js';
import { EN_TEST } from './en-test.js';

export const EN = { ...EN_COMMON, ...EN_CANARIES, ...EN_TEST, ...EN_AUDITOR } as const;

export type Key = keyof typeof EN;
/** Keys of a pair, without their last part. */
export type PairKey = Key extends infer K ? (K extends `${infer P}.one` ? P : never) : never;
