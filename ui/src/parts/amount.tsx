// Money with every digit, its places drawn lighter.
import { amountParts } from '../format.js';
import { numberStyle } from '../strings/strings.js';

export function Amount({ text }: { text: string }) {
  const { fraction, whole } = amountParts(text, numberStyle());
  return (
    <>
      {whole}
      <i>{fraction}</i>
    </>
  );
}
