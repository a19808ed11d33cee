// The received mails as a page for people: newest first, each with its text.
import type { ReceivedMail } from './mailbox.js';

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
    color: #1c1e21; background: #fff }
  article { border-top: 1px solid #ccd; padding: 0.5rem 0 }
  h2 { font-size: 1rem; margin: 0 }
  .firing h2 { color: #a40000 }
  .resolved h2 { color: #1b5e20 }
  p { margin: 0; color: #555 }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f6f8; padding: 0.75rem }
  @media (prefers-color-scheme: dark) {
    body { color: #e4e6ea; background: #17181b }
    pre { background: #222429 }
    p { color: #aab }
    .firing h2 { color: #ff8a80 }
    .resolved h2 { color: #a5d6a7 }
  }
`;

export function mailsPage(mails: readonly ReceivedMail[], receivedCount: number): string {
  const shown =
    mails.length === 0
      ? '<p>No mail yet. The watchdog comes first.</p>'
      : mails.map(article).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Mails of the alerts</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="15"><style>${STYLE}</style></head>
<body><h1>Mails of the alerts</h1>
<p>${mails.length} shown of ${receivedCount} received; as JSON at <a href="/mails">/mails</a>.</p>
${shown}
</body></html>
`;
}

function article(mail: ReceivedMail): string {
  const state = /^\[(FIRING|RESOLVED)/.exec(mail.subject)?.[1]?.toLowerCase() ?? '';
  return `<article class="${state}"><h2>${escaped(mail.subject)}</h2>
<p>${escaped(mail.receivedAt)} to ${escaped(mail.to.join(', '))}</p>
<pre>${escaped(mail.text.trim())}</pre></article>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
