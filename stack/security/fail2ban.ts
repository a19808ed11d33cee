// fail2ban from its unpacked package, with the committed action and jail.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { ProcessSpecification } from '../processes/managed-process.js';

export interface Fail2ban {
  readonly specification: ProcessSpecification;
  /** What the writer of metrics needs to reach this server. */
  readonly clientEnvironment: NodeJS.ProcessEnv;
  /** The log that its jail reads. */
  readonly authLog: string;
}

export interface Fail2banOptions {
  /** The root of the unpacked package. */
  readonly unpacked: string;
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The generated files, by their paths below `monitoring/security/fail2ban`. */
  readonly files: Readonly<Record<string, string>>;
}

export function prepareFail2ban(options: Fail2banOptions): Fail2ban {
  const { directory, environment, files, unpacked } = options;
  const etc = join(directory, 'etc');
  cpSync(join(unpacked, 'etc/fail2ban'), etc, { recursive: true });
  const write = (name: string, lines: readonly string[]): void => {
    mkdirSync(dirname(join(etc, name)), { recursive: true });
    writeFileSync(join(etc, name), `${lines.join('\n')}\n`);
  };
  for (const [name, content] of Object.entries(files)) write(name, [content]);
  const authLog = join(directory, 'auth.log');
  writeFileSync(authLog, '');
  write('fail2ban.local', ['[Definition]', 'dbfile = None', 'logtarget = STDOUT']);
  // No firewall is touched; the last file wins, and the name sorts behind all others.
  const dummy = `action_ = dummy[target=${join(directory, 'dummy')}]`;
  write('jail.d/zz-check.local', [
    '[sshd]',
    'backend = polling',
    `logpath = ${authLog}`,
    dummy,
    'maxretry = 5',
  ]);
  const libraries = join(unpacked, 'usr/lib/python3/dist-packages');
  const paths = [libraries, environment.PYTHONPATH].filter((path) => path !== undefined);
  const own = { ...environment, PYTHONPATH: paths.join(delimiter) };
  const places = ['-c', etc, '-s', join(directory, 'socket'), '-p', join(directory, 'pid')];
  const program = (name: string) => [join(unpacked, 'usr/bin', name), ...places];
  return {
    specification: {
      name: 'fail2ban',
      command: 'python3',
      args: [...program('fail2ban-server'), '-f', 'start'],
      environment: own,
    },
    clientEnvironment: {
      ...own,
      FAIL2BAN_CLIENT: ['python3', ...program('fail2ban-client')].join(' '),
    },
    authLog,
  };
}
