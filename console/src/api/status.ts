import type { Journal } from '../journal/journal.ts';
import type { RecordingStatus } from '../recording/recording-files.ts';
import type { ConsoleStatus } from './types.ts';

export interface StatusOptions {
  readonly journal: Journal;
  readonly epoch: string;
  /** What another program sets to send here. */
  readonly variables: () => Readonly<Record<string, string>>;
  readonly recording: () => RecordingStatus;
}

/** Makes what tells the state of the console. */
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
