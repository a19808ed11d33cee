// The mails that were received, newest first, within a bound: an alert that repeats for days must
// not fill the memory.

export interface ReceivedMail {
  readonly id: number;
  readonly receivedAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailbox {
  add(mail: Omit<ReceivedMail, 'id'>): ReceivedMail;
  /** Newest first. */
  newest(): readonly ReceivedMail[];
  find(id: number): ReceivedMail | undefined;
  /** Of all that ever came, also those that are no longer kept. */
  receivedCount(): number;
}

const KEPT_MAILS = 500;
const PART_CHARACTERS_MAX = 32_768;

export function createMailbox(keptMails: number = KEPT_MAILS): Mailbox {
  const mails: ReceivedMail[] = [];
  let received = 0;
  return {
    add(mail) {
      received += 1;
      const kept = {
        ...mail,
        id: received,
        text: mail.text.slice(0, PART_CHARACTERS_MAX),
        html: mail.html.slice(0, PART_CHARACTERS_MAX),
      };
      mails.unshift(kept);
      mails.length = Math.min(mails.length, keptMails);
      return kept;
    },
    newest: () => mails,
    find: (id) => mails.find((mail) => mail.id === id),
    receivedCount: () => received,
  };
}
