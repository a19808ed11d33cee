// What the auditor's page says of the three voices: agreement is no accusation.
import { expect, test } from 'vitest';
import { voicesOf } from '../../ui/src/auditor/voices.js';

const frame = (name: string, loneVoice?: string) => ({
  frame: name,
  ...(loneVoice === undefined ? {} : { loneVoice }),
});

test.each([
  ['no third voice', [frame('A'), frame('B')], { kind: 'unheard' }],
  ['all agree', [frame('A', 'none'), frame('B', 'none')], { kind: 'agree' }],
  ['all that are heard agree', [frame('A', 'none'), frame('B')], { kind: 'agree' }],
  [
    'one stands alone',
    [frame('A', 'none'), frame('B', 'ledger')],
    { kind: 'apart', frames: [{ frame: 'B', voice: 'ledger' }] },
  ],
  [
    'each says something else',
    [frame('A', 'all')],
    { kind: 'apart', frames: [{ frame: 'A', voice: 'all' }] },
  ],
])('%s', (_, frames, voices) => {
  expect(voicesOf(frames)).toEqual(voices);
});
