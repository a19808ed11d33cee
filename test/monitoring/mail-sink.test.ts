// The sink of mails: what it keeps, what it shows, and what it refuses.
import { createConnection } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type MailSink, startMailSink } from '../../stack/mails/mail-sink.js';
import { createMailbox } from '../../stack/mails/mailbox.js';
import { mailsPage } from '../../stack/mails/page.js';
import { until } from '../support/until.js';

const MAIL = {
  receivedAt: '2026-01-01T00:00:00.000Z',
  from: 'a@example.com',
  to: ['b@example.com'],
  subject: '[FIRING:1] critical: <b>',
  text: 'text & <script>',
  html: '',
};

describe('the mailbox', () => {
  test('keeps the newest, and counts all', () => {
    const mailbox = createMailbox(3);
    for (const number of [1, 2, 3, 4, 5]) mailbox.add({ ...MAIL, subject: `mail ${number}` });
    expect(mailbox.newest().map(({ id, subject }) => [id, subject])).toEqual([
      [5, 'mail 5'],
      [4, 'mail 4'],
      [3, 'mail 3'],
    ]);
    expect([mailbox.receivedCount(), mailbox.find(1), mailbox.find(5)?.subject]).toEqual([
      5,
      undefined,
      'mail 5',
    ]);
  });

  test('keeps five hundred, and of each a bounded part', () => {
    const mailbox = createMailbox();
    for (let number = 0; number < 501; number += 1) mailbox.add({ ...MAIL, text: 'x' });
    const { text } = mailbox.add({ ...MAIL, text: 'x'.repeat(100_000) });
    expect([mailbox.newest().length, text.length]).toEqual([500, 32_768]);
  });
});

test('the page shows a mail as text and never as markup', () => {
  const mailbox = createMailbox();
  mailbox.add(MAIL);
  const page = mailsPage(mailbox.newest(), mailbox.receivedCount());
  expect(page).toContain('<article class="firing"><h2>[FIRING:1] critical: &lt;b&gt;</h2>');
  expect(page).toContain('text &amp; &lt;script&gt;');
  expect(mailsPage([], 0)).toContain('No mail yet');
});

async function sink(): Promise<MailSink & { readonly said: readonly string[] }> {
  const said: string[] = [];
  const started = await startMailSink({ smtpPort: 0, httpPort: 0, say: (text) => said.push(text) });
  onTestFinished(() => started.close());
  return { ...started, said };
}

/** Speaks SMTP line by line, each after an answer; answers the last answer. */
async function send(port: number, body: string): Promise<string> {
  const lines = [
    'HELO test',
    'MAIL FROM:<a@example.com>',
    'RCPT TO:<b@example.com>',
    'DATA',
    `${body}\r\n.`,
  ];
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('data', (answer: string) => {
      const next = lines.shift();
      if (next !== undefined) socket.write(`${next}\r\n`);
      else {
        resolve(answer);
        socket.destroy();
      }
    });
  });
}

test('a mail is told in the log and served as JSON', async () => {
  const { smtpPort, url, said } = await sink();
  expect(await send(smtpPort, 'Subject: hello\r\n\r\nWorld')).toMatch(/^250/);
  expect(said).toEqual([expect.stringMatching(/ mail to b@example.com: hello$/)]);
  const one = await (await fetch(`${url}/mails/1`)).json();
  expect(one).toMatchObject({ id: 1, to: ['b@example.com'], subject: 'hello' });
  expect((await fetch(`${url}/mails/2`)).status).toBe(404);
  expect((await fetch(`${url}/`)).headers.get('content-security-policy')).toContain("'none'");
});

test('a mail that is too large is refused, and the next one is taken', async () => {
  const { smtpPort, url } = await sink();
  const large = `Subject: large\r\n\r\n${'x'.repeat(99)}\r\n`.concat(
    `${'y'.repeat(99)}\r\n`.repeat(11_000),
  );
  expect(await send(smtpPort, large)).toMatch(/^552/);
  expect(await send(smtpPort, 'Subject: small\r\n\r\nx')).toMatch(/^250/);
  await until(async () => {
    expect(await (await fetch(`${url}/mails`)).json()).toMatchObject([{ subject: 'small' }]);
  });
});
