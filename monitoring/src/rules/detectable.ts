// What a burn-rate page can tell from noise: exact binomial arithmetic over the tests of a window.

export interface PageQuestion {
  /** Tests within the short and the long window. */
  readonly shortTests: number;
  readonly longTests: number;
  /** The share of failed tests above which both windows must be. */
  readonly thresholdRatio: number;
  /** The share that a healthy platform loses. */
  readonly noiseRatio: number;
}

export interface PagePower {
  /** The smallest share of failing tests that pages in 95 of 100 looks. */
  readonly detectableRatio: number;
  /** How likely one look pages though nothing but noise fails. */
  readonly falseAlarmProbability: number;
}

const POWER = 0.95;
const BISECTIONS = 40;

/**
 * Tests fail or pass by themselves, each with the same chance. The windows overlap, so that their
 * joint chance lies between the product and the smaller one: the product is taken for the power and
 * the smaller one for the false alarm, so that both figures err on the cautious side.
 */
export function pagePower(question: PageQuestion): PagePower {
  const atLeast = (tests: number, ratio: number): number =>
    binomialTail(tests, failuresAbove(tests, question.thresholdRatio), ratio);
  const power = (ratio: number): number =>
    atLeast(question.shortTests, ratio) * atLeast(question.longTests, ratio);
  let [low, high] = [question.thresholdRatio, 1];
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if (power(middle) < POWER) low = middle;
    else high = middle;
  }
  const { noiseRatio, shortTests, longTests } = question;
  return {
    detectableRatio: high,
    falseAlarmProbability: Math.min(
      atLeast(shortTests, noiseRatio),
      atLeast(longTests, noiseRatio),
    ),
  };
}

/** The smallest number of failures whose share is above a ratio. */
export function failuresAbove(tests: number, ratio: number): number {
  return Math.floor(tests * ratio + ROUNDING) + 1;
}

/** A product such as 150 * 0.144 must not fall just below its whole number. */
const ROUNDING = 1e-9;

/** Next to the sum of all terms, though as many as there are tests may follow. */
const NEGLIGIBLE = 1e-20;

/** The chance of at least `failures` among `tests`, each failing with the chance `ratio`. */
export function binomialTail(tests: number, failures: number, ratio: number): number {
  if (failures <= 0) return 1;
  if (failures > tests) return 0;
  if (ratio <= 0) return 0;
  if (ratio >= 1) return 1;
  // Terms below the mode would underflow as products: they are taken as logarithms.
  let logTerm = tests * Math.log1p(-ratio);
  let below = Math.exp(logTerm);
  const logOdds = Math.log(ratio) - Math.log1p(-ratio);
  let tail = 0;
  for (let count = 1; count <= tests; count += 1) {
    logTerm += Math.log(tests - count + 1) - Math.log(count) + logOdds;
    const term = Math.exp(logTerm);
    if (count < failures) below += term;
    else tail += term;
    // Behind the mode terms only fall: all that are left change no digit.
    if (count > failures && count > tests * ratio && term < tail * NEGLIGIBLE) break;
  }
  // The smaller sum has the smaller rounding error.
  return tail < below ? tail : 1 - below;
}
