/** Preloaded into a forked process: shuts it down, as SIGTERM does, when its parent has exited. */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The channel itself must not keep the process alive.
process.channel?.unref();
