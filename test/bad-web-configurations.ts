// Files that would open the page to those who should not come by, as far as they are refused.
import { type Bad, FILE } from './bad-configurations.js';

export const WEB_FILES: readonly Bad[] = [
  {
    what: 'a page that other machines reach, open to all',
    text: `${FILE}listen: { web: "0.0.0.0:9467" }\n`,
    lines: [
      'listen.web (canary.yaml:15:16): is reached from other machines: ' +
        'set web.authentication to required ("0.0.0.0:9467")',
    ],
  },
  {
    what: 'a page that is open to all, under a name that others come by',
    text: `${FILE}web: { hosts: [localhost, canary.example.com] }\n`,
    lines: [
      'web.hosts.1 (canary.yaml:15:27): is a name that others come by: ' +
        'set web.authentication to required ("canary.example.com")',
    ],
  },
  {
    what: 'proxies that are neither addresses nor networks',
    text: `${FILE}web: { trustedProxies: [10.0.0.1, proxy, 10.0.0.0/33, fd00::/8] }\n`,
    lines: [
      'web.trustedProxies.1 (canary.yaml:15:35): ' +
        'must be an address or a network, such as 10.0.0.0/8 ("proxy")',
      'web.trustedProxies.2 (canary.yaml:15:42): ' +
        'must be an address or a network, such as 10.0.0.0/8 ("10.0.0.0/33")',
    ],
  },
  {
    what: 'an issuer, and a page to come back to, over an open line',
    text:
      `${FILE}web: { oidc: { issuer: "http://id.example.com", audience: canary,\n` +
      '  login: { clientId: page, origin: "http://example.com" } } }\n',
    lines: [
      'web.oidc.issuer (canary.yaml:15:24): must be https; ' +
        'plain http is taken on loopback only ("http://id.example.com")',
      'web.oidc.login.origin (canary.yaml:16:36): must be https; ' +
        'plain http is taken on loopback only ("http://example.com")',
    ],
  },
];
