// Addresses as they may be shown.

/** A text in which every password of a URL is replaced: before the host, and in the query. */
export function withoutPasswords(text: string): string {
  return text
    .replace(/\/\/([^\s:@/"]*):[^\s"]*@/g, '//$1:***@')
    .replace(/([?&]password=)[^\s&"]*/gi, '$1***');
}
