import { z } from 'zod';
import { type HoneycombApi, readAnswer } from './api.ts';
import { ensureColumns, ensureQueries, type SavedQuery } from './ensure-queries.ts';

const NAME = 'Cruddur backend';

const Board = z.object({
  id: z.string(),
  name: z.string().optional(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })).nullish(),
  links: z.object({ board_url: z.string().optional() }).optional(),
});
const Boards = z.array(Board);

export interface EnsuredBoard {
  readonly isNew: boolean;
  readonly url: string | undefined;
  readonly newQueries: number;
  readonly queries: number;
}

/**
 * Creates or updates the board of a dataset and its queries. Repeated runs update the same board, found by
 * its name and tag. The message of a rejection is one sentence.
 */
export async function ensureBoard(api: HoneycombApi, dataset: string): Promise<EnsuredBoard> {
  await ensureColumns(api, dataset);
  const { saved, outdated, created } = await ensureQueries(api, dataset);
  const boards = readAnswer(Boards, await api.send('GET', '/1/boards'));
  // Honeycomb allows lower-case letters, digits, - and / in a tag value, with a letter first.
  const tag = { key: 'service', value: dataset.replaceAll(/[^a-z0-9/-]/g, '-').replace(/^(?![a-z])/, 's') };
  const existing = boards.find(
    ({ name, tags }) =>
      name === NAME && tags?.some(({ key, value }) => key === tag.key && value === tag.value),
  );
  const board = {
    name: NAME,
    description: 'Created by `npm run honeycomb:board`, which overwrites manual changes.',
    type: 'flexible',
    layout_generation: 'auto',
    panels: saved.map(toPanel),
    tags: [tag],
  };
  const answer = existing
    ? await api.send('PUT', `/1/boards/${existing.id}`, board)
    : await api.send('POST', '/1/boards', board);
  for (const id of outdated) await api.send('DELETE', `/1/query_annotations/${dataset}/${id}`);
  return {
    isNew: existing === undefined,
    url: readAnswer(Board, answer).links?.board_url,
    newQueries: created,
    queries: saved.length,
  };
}

function toPanel({ query, queryId, annotationId }: SavedQuery) {
  return {
    type: 'query',
    query_panel: { query_id: queryId, query_annotation_id: annotationId, query_style: query.style },
  };
}
