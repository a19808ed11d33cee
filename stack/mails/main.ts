// The process that takes the mails of an embedded set-up. Usage: main.ts <smtp port> <http port>
import { startMailSink } from './mail-sink.js';

const [smtpPort, httpPort] = process.argv.slice(2).map(Number);
const sink = await startMailSink({
  smtpPort: smtpPort ?? Number.NaN,
  httpPort: httpPort ?? Number.NaN,
  say: (text) => void process.stdout.write(`${text}\n`),
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void sink.close());
}
