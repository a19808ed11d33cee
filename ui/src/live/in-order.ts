// Answers that come in another order than they were asked for.

/**
 * Two readings of one thing may be on their way at once, one for news and one after an action; the
 * older answer may come last, and would show again what the action has changed. Called when a
 * reading begins; what it gives back tells, when its answer has come, whether to keep it.
 */
export function createOrder(): () => () => boolean {
  let begun = 0;
  let kept = 0;
  return () => {
    begun += 1;
    const mine = begun;
    return () => {
      if (mine < kept) return false;
      kept = mine;
      return true;
    };
  };
}
