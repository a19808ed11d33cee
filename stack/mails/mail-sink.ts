// Takes every mail that is sent to it and delivers none: it shows them. On loopback only.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { createMailbox, type Mailbox, type ReceivedMail } from './mailbox.js';
import { mailsPage } from './page.js';

export interface MailSinkOptions {
  /** 0 for any that is free. */
  readonly smtpPort: number;
  readonly httpPort: number;
  /** Told of each mail, in one line. */
  readonly say: (text: string) => void;
}

export interface MailSink {
  readonly smtpPort: number;
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const MAIL_BYTES_MAX = 1024 * 1024;
const CLOSE_TIMEOUT_MS = 500;

/** Throws when a port cannot be listened on. */
export async function startMailSink(options: MailSinkOptions): Promise<MailSink> {
  const mailbox = createMailbox();
  const smtp = smtpServer(mailbox, options.say);
  const http = createServer((request, response) => answer(mailbox, request.url ?? '/', response));
  // Without a listener an error of one connection would end the process.
  smtp.on('error', (error) => options.say(`smtp: ${error.message}`));
  await Promise.all([
    listening(smtp.listen(options.smtpPort, HOST)),
    listening(http.listen(options.httpPort, HOST)),
  ]);
  return {
    smtpPort: (smtp.server.address() as AddressInfo).port,
    url: `http://${HOST}:${(http.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => smtp.close(() => resolve()));
      http.closeAllConnections();
      http.close();
      await Promise.all([closed, once(http, 'close')]);
    },
  };
}

async function listening(server: NodeJS.EventEmitter): Promise<void> {
  await once(server, 'listening');
}

function smtpServer(mailbox: Mailbox, say: (text: string) => void): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: MAIL_BYTES_MAX,
    closeTimeout: CLOSE_TIMEOUT_MS,
    disableReverseLookup: true,
    onData(stream, session, callback) {
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      simpleParser(stream).then(
        (parsed) => {
          if (stream.sizeExceeded) {
            callback(Object.assign(new Error('the mail is too large'), { responseCode: 552 }));
            return;
          }
          say(lineOf(mailbox.add(mailOf(parsed, recipients))));
          callback();
        },
        (error: Error) => callback(error),
      );
    },
  });
}

function mailOf(parsed: ParsedMail, recipients: readonly string[]): Omit<ReceivedMail, 'id'> {
  return {
    receivedAt: new Date().toISOString(),
    from: textOf(parsed.from),
    to: recipients,
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html || '',
  };
}

function textOf(address: AddressObject | undefined): string {
  return address?.text ?? '';
}

function lineOf({ receivedAt, subject, to }: ReceivedMail): string {
  return `${receivedAt} mail to ${to.join(', ')}: ${subject}`;
}

function answer(mailbox: Mailbox, url: string, response: ServerResponse): void {
  const [pathname = ''] = url.split('?');
  const one = /^\/mails\/(\d{1,15})$/.exec(pathname)?.[1];
  const found = one === undefined ? undefined : mailbox.find(Number(one));
  if (pathname === '/') {
    send(response, 200, 'text/html', mailsPage(mailbox.newest(), mailbox.receivedCount()));
  } else if (pathname === '/mails') json(response, 200, mailbox.newest().map(withoutHtml));
  else if (pathname === '/healthz') json(response, 200, { status: 'ok' });
  else if (found !== undefined) json(response, 200, found);
  else json(response, 404, { error: 'there is /, /mails, /mails/<id> and /healthz' });
}

/** Most of a mail is its markup, which only who asks for that mail gets. */
function withoutHtml({ html: _, ...mail }: ReceivedMail): Omit<ReceivedMail, 'html'> {
  return mail;
}

function json(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', `${JSON.stringify(value, null, 2)}\n`);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  // What a mail holds is text to look at: nothing in it may run or load.
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': policy,
  });
  response.end(body);
}
