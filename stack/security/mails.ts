// The mails that the sink has taken.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const mailsSchema = z.array(
  z.object({
    receivedAt: z.string(),
    subject: z.string(),
    text: z.string(),
    to: z.array(z.string()),
  }),
);

export type Mail = z.infer<typeof mailsSchema>[number];

const PATIENCE_MS = 120_000;
const ASK_EVERY_MS = 100;
const REQUEST_TIMEOUT_MS = 5_000;

/** The first firing mail on an alert after a moment; throws when none has come in time. */
export async function nextMail(url: string, alert: string, sinceMs: number): Promise<Mail> {
  const deadline = performance.now() + PATIENCE_MS;
  let subjects: readonly string[] = [];
  while (performance.now() < deadline) {
    // On a loaded machine one answer may come too late; the next one has all mails, too.
    const mails = await mailsOf(url).catch(() => []);
    const found = mails.findLast(
      ({ receivedAt, subject }) =>
        subject.startsWith('[FIRING') &&
        subject.split(' ').includes(alert) &&
        Date.parse(receivedAt) >= sinceMs,
    );
    if (found !== undefined) return found;
    subjects = mails.map(({ subject }) => subject);
    await sleep(ASK_EVERY_MS);
  }
  throw new Error(
    `no mail on ${alert} within ${PATIENCE_MS} ms; there were: ${subjects.join('; ')}`,
  );
}

async function mailsOf(url: string): Promise<readonly Mail[]> {
  const answer = await fetch(`${url}/mails`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  return mailsSchema.parse(await answer.json());
}
