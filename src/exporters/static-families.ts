// What the configuration alone says: paths, deadlines, interval, version.
import { BACKENDS } from '../domain/backend.js';
import { type Family, familyOf } from './family.js';
import { pathLabels } from './label-sets.js';
import { METRICS } from './metrics.js';
import type { ExporterSettings } from './settings.js';

export function staticFamilies(settings: ExporterSettings): readonly Family[] {
  const { paths, deadlines, cycleIntervalMs, version } = settings;
  return [
    familyOf(
      METRICS.pathInfo,
      paths.map((path) => ({
        labels: {
          ...pathLabels(path),
          sender: path.sender,
          receiver: path.receiver,
          sender_frame: path.senderFrame,
          receiver_frame: path.receiverFrame,
        },
        value: 1,
      })),
    ),
    familyOf(METRICS.cycleInterval, [{ labels: {}, value: cycleIntervalMs / 1_000 }]),
    familyOf(
      METRICS.deadline,
      BACKENDS.flatMap((backend) => [
        { labels: { backend, deadline: 'soft' }, value: deadlines[backend].softMs / 1_000 },
        { labels: { backend, deadline: 'final' }, value: deadlines[backend].finalMs / 1_000 },
      ]),
    ),
    familyOf(METRICS.buildInfo, [{ labels: { version, node_version: process.version }, value: 1 }]),
  ];
}
