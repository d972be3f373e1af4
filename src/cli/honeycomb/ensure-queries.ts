import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type HoneycombApi, readAnswer } from './api.ts';
import { BOARD_QUERIES, type BoardQuery, COLUMNS, type QuerySpec } from './board-queries.ts';

const Created = z.object({ id: z.string() });
const Columns = z.array(z.object({ key_name: z.string() }));
const Annotations = z.array(
  z.object({ id: z.string(), name: z.string(), description: z.string().optional(), query_id: z.string() }),
);
type Annotation = z.infer<typeof Annotations>[number];

/** A query in Honeycomb; its annotation holds its name and description. */
export interface SavedQuery {
  readonly query: BoardQuery;
  readonly queryId: string;
  readonly annotationId: string;
}

export interface SavedQueries {
  readonly saved: readonly SavedQuery[];
  /** Ids of the annotations that `saved` replaces; the caller must delete them. */
  readonly outdated: readonly string[];
  /** How many of the queries are new. */
  readonly created: number;
}

/** Creates the missing columns of a dataset; Honeycomb rejects a query with an unknown column. */
export async function ensureColumns(api: HoneycombApi, dataset: string): Promise<void> {
  const columns = readAnswer(Columns, await api.send('GET', `/1/columns/${dataset}`));
  const known = new Set(columns.map(({ key_name }) => key_name));
  for (const [key_name, type] of Object.entries(COLUMNS)) {
    if (!known.has(key_name)) await api.send('POST', `/1/columns/${dataset}`, { key_name, type });
  }
}

/**
 * Creates the board's queries and annotations, and keeps those that are up to date. Queries in Honeycomb
 * cannot be changed or deleted, so a changed query is replaced by a new one with an annotation of the same
 * name.
 */
export async function ensureQueries(api: HoneycombApi, dataset: string): Promise<SavedQueries> {
  const annotations = readAnswer(Annotations, await api.send('GET', `/1/query_annotations/${dataset}`));
  const saved: SavedQuery[] = [];
  const outdated: string[] = [];
  let created = 0;
  for (const query of BOARD_QUERIES) {
    const name = nameOf(query);
    const sameName = annotations.filter((annotation) => annotation.name === name);
    const kept = await findCurrent(api, dataset, query, sameName);
    saved.push(kept ?? (await save(api, dataset, query)));
    created += kept === undefined ? 1 : 0;
    outdated.push(...sameName.map(({ id }) => id).filter((id) => id !== kept?.annotationId));
  }
  return { saved, outdated, created };
}

function nameOf({ name }: BoardQuery): string {
  return `Cruddur: ${name}`;
}

async function findCurrent(
  api: HoneycombApi,
  dataset: string,
  query: BoardQuery,
  annotations: readonly Annotation[],
): Promise<SavedQuery | undefined> {
  for (const { id, query_id, description } of annotations) {
    const spec = await api.send('GET', `/1/queries/${dataset}/${query_id}`);
    if (description === query.description && isSame(query.spec, spec))
      return { query, queryId: query_id, annotationId: id };
  }
  return undefined;
}

/** Compares our fields only, because Honeycomb adds its defaults. */
function isSame(ours: QuerySpec, theirs: unknown): boolean {
  return Object.entries(ours).every(([key, value]) =>
    isDeepStrictEqual((theirs as Record<string, unknown> | undefined)?.[key], value),
  );
}

async function save(api: HoneycombApi, dataset: string, query: BoardQuery): Promise<SavedQuery> {
  const { id: queryId } = readAnswer(Created, await api.send('POST', `/1/queries/${dataset}`, query.spec));
  const annotation = { name: nameOf(query), description: query.description, query_id: queryId };
  const { id: annotationId } = readAnswer(
    Created,
    await api.send('POST', `/1/query_annotations/${dataset}`, annotation),
  );
  return { query, queryId, annotationId };
}
