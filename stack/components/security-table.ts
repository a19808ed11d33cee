// The guards of hosts, as Debian packages them; only the check of the security feeds runs them. One
// that is installed on this machine guards it, and is left alone: the check unpacks its own.
import type { Component, ComponentName } from './component.js';

function component(
  name: ComponentName,
  download: { readonly version: string; readonly sha256: string; readonly program: string },
): Component {
  const { program, sha256, version } = download;
  return {
    name,
    version,
    programs: [],
    source: {
      kind: 'apt',
      downloads: {
        'linux-x64': { specification: `${name}=${version}`, sha256, program },
      },
    },
    remedy: `make Debian's archive reachable for apt-get; it must have ${name} ${version}`,
  };
}

export const SECURITY_COMPONENTS = {
  crowdsec: component('crowdsec', {
    version: '1.4.6-6~deb12u1+b1',
    sha256: 'cce2f051a567060bf30de412b141f5723c3ed59390805b9f10bebeeecf118f38',
    program: 'usr/bin/crowdsec',
  }),
  'crowdsec-firewall-bouncer': component('crowdsec-firewall-bouncer', {
    version: '0.0.25-4~deb12u1',
    sha256: '86e9857ccd17e5183012574e039d6c34e84d5fd7d3aed9326b1746e975c5e978',
    program: 'usr/bin/crowdsec-firewall-bouncer',
  }),
  fail2ban: component('fail2ban', {
    version: '1.0.2-2',
    sha256: '9717b7aeef7b00f0df4c76045cd6dab2755cbe9fc99dbfe3cd114126880ec7f7',
    program: 'usr/bin/fail2ban-server',
  }),
  lynis: component('lynis', {
    version: '3.0.8-1.1',
    sha256: '9df0cedc27c4dd32478ad901103a0ac87efd9eedfd6ce313a70a650ae6883bb9',
    program: 'usr/sbin/lynis',
  }),
} as const;
