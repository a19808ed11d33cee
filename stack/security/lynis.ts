// An audit by Lynis from its unpacked package, with the committed profile behind its own.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../components/command.js';
import { PROJECT_ROOT } from '../directories.js';

/** Some two minutes on a quiet machine. */
const AUDIT_TIMEOUT_MS = 540_000;

/** Resolves with the path of the report; throws `CommandError`. */
export async function audit(
  unpacked: string,
  directory: string,
  signal: AbortSignal,
): Promise<string> {
  mkdirSync(directory, { recursive: true });
  const profile = join(directory, 'audit.prf');
  const report = join(directory, 'report.dat');
  const texts = [
    join(unpacked, 'etc/lynis/default.prf'),
    join(PROJECT_ROOT, 'monitoring/security/lynis/custom.prf'),
  ].map((file) => readFileSync(file, 'utf8'));
  writeFileSync(profile, texts.join('\n'));
  const args = [
    join(unpacked, 'usr/sbin/lynis'),
    ...['audit', 'system', '--quick', '--quiet', '--no-colors'],
    ...['--plugindir', join(unpacked, 'etc/lynis/plugins'), '--profile', profile],
    ...['--report-file', report, '--logfile', join(directory, 'lynis.log')],
  ];
  await runCommand('sh', args, {
    directory: join(unpacked, 'usr/share/lynis'),
    timeoutMs: AUDIT_TIMEOUT_MS,
    signal,
  });
  return report;
}
