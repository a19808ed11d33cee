// Kafka's own tool is given arguments that it takes for what they are.
import { expect, test } from 'vitest';
import { formatCommand } from '../../stack/services/kafka-installation.js';

const SAMPLES = 1_000;
const OPTIONS = ['--cluster-id=', '--config='];

test('no identity of a broker is read as an option of the tool', () => {
  const words = Array.from({ length: SAMPLES }, (_, i) => formatCommand(`/log-${i}`, '/p')).flat();
  const asOptions = words.filter((word) => word.startsWith('-'));
  expect(asOptions.filter((word) => !OPTIONS.some((option) => word.startsWith(option)))).toEqual(
    [],
  );
  expect(words.some((word) => word.startsWith('--cluster-id=-'))).toBe(true);
});
