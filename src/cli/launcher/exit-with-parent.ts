/** Preloaded into a forked process: ends it as a signal would when whoever forked it is gone without having ended it. */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The listener would keep the process alive.
process.channel?.unref();
