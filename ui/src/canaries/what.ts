// What an entry of the log adds in words to its outcome.
import type { BoardView } from '../../../src/admin/views/board-view.js';
import type { Entry } from '../event-log.js';
import { fixed } from '../format.js';
import { numberStyle, t } from '../strings/strings.js';

export function whatOf({ look, result }: Entry, board: BoardView | undefined): string {
  if (look === 'correction') return t('log.correction', { count: result.correctionCount });
  if (look === 'late') {
    const softMs = board?.deadlines[result.backend].softMs;
    const soft = softMs === undefined ? '–' : fixed(softMs / 1_000, 1, numberStyle());
    return t('log.soft', { soft });
  }
  if (result.reason !== '') return result.reason;
  const stamps = result.absent.map(({ frame, stamp }) => `${stamp} @ ${frame}`);
  const events = result.absentEvents.map(({ eventType, frame }) => `${eventType} @ ${frame}`);
  return [...stamps, ...events, ...result.unaskedFrames].join(', ');
}
