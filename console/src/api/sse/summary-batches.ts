import type { Journal } from '../../journal/journal.ts';

const MAX_SUMMARIES = 2000;
const MAX_LENGTH = 256 * 1024;
/** The number of traces that a new client gets. */
const NEWEST = 5000;

/** A JSON array of summaries, ordered by revision. */
interface Batch {
  readonly json: string;
  /** The revision of the last summary. */
  readonly revision: number;
  /** Whether newer summaries exist. */
  readonly more: boolean;
}

export interface SummaryBatches {
  /** Returns the oldest summaries that are newer than `revision`; undefined when none is. */
  after(revision: number): Batch | undefined;
  /** Returns the revision after which only the newest 5,000 summaries follow. */
  beforeNewest(): number;
}

/** Splits the summaries into batches. Clients at the same revision share a batch. */
export function createSummaryBatches(journal: Journal): SummaryBatches {
  let cached = new Map<number, Batch | undefined>();
  let cachedAt = 0;

  function cut(after: number): Batch | undefined {
    const newer = [];
    for (const summary of journal.summaries()) if (summary.revision > after) newer.push(summary);
    newer.sort((a, b) => a.revision - b.revision);
    const items: string[] = [];
    let length = 0;
    let revision = 0;
    for (const summary of newer) {
      if (items.length === MAX_SUMMARIES || length >= MAX_LENGTH) break;
      const item = JSON.stringify(summary);
      items.push(item);
      length += item.length;
      revision = summary.revision;
    }
    if (items.length === 0) return undefined;
    return { json: `[${items.join(',')}]`, revision, more: items.length < newer.length };
  }

  return {
    after(revision) {
      if (cachedAt !== journal.revision()) cached = new Map();
      cachedAt = journal.revision();
      if (!cached.has(revision)) cached.set(revision, cut(revision));
      return cached.get(revision);
    },
    beforeNewest() {
      const revisions = [...journal.summaries()].map(({ revision }) => revision).sort((a, b) => b - a);
      return revisions[NEWEST] ?? 0;
    },
  };
}
