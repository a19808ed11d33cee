// Loaded into the processes that bootstrap.mjs and the supervisor start: when the one that started
// this process is gone, even by kill -9, this one is asked to end as well, and made to at last.
const FORCED_END_MS = 20_000;

if (process.channel) {
  process.on('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), FORCED_END_MS).unref();
  });
  // Waiting for this alone must not keep the process alive.
  process.channel.unref();
}
