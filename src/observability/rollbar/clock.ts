/** The time that the pace of reports follows. Tests replace it. */
export interface Clock {
  /** Milliseconds since the epoch, as people read them. */
  date(): number;
  /** Milliseconds since any moment. Never steps back. */
  now(): number;
  /** Calls `run` after `ms`, unless it is cancelled with the function that it returns. */
  after(ms: number, run: () => void): () => void;
}

/** The clock of the system. Its timers do not keep the process alive. */
export const SYSTEM_CLOCK: Clock = {
  date: Date.now,
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.ceil(ms)).unref();
    return () => clearTimeout(timer);
  },
};
