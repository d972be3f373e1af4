import type { Journal } from '../journal/journal.ts';
import type { RecordingStatus } from '../recording/recording-files.ts';
import type { ConsoleStatus } from './types.ts';

export interface StatusOptions {
  readonly journal: Journal;
  readonly epoch: string;
  /** The environment variables with which a program sends to this console. */
  readonly variables: () => Readonly<Record<string, string>>;
  readonly recording: () => RecordingStatus;
}

/** Returns a function that builds the body of `GET /api/status`. */
export function createStatus({ journal, epoch, variables, recording }: StatusOptions): () => ConsoleStatus {
  const startedAt = Date.now();
  return () => {
    const { bytes, maxBytes, evicted, counted } = journal.counts();
    const { unknown: _, ...sinks } = journal.sinks();
    return {
      epoch,
      startedAt,
      memory: { bytes, maxBytes, evicted },
      sinks,
      counted,
      unread: journal.unread(),
      runFiles: recording(),
      variables: variables(),
    };
  };
}
