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
 * Makes the board of a dataset with its queries, or brings them up to date: it is found by its name and tag, so that it
 * is there once, however often this runs. Rejects with one plain sentence.
 */
export async function ensureBoard(api: HoneycombApi, dataset: string): Promise<EnsuredBoard> {
  await ensureColumns(api, dataset);
  const { saved, outdated, made } = await ensureQueries(api, dataset);
  const boards = readAnswer(Boards, await api.send('GET', '/1/boards'));
  // Of which Honeycomb takes small letters, digits, - and /, a letter first.
  const tag = { key: 'service', value: dataset.replaceAll(/[^a-z0-9/-]/g, '-').replace(/^(?![a-z])/, 's') };
  const existing = boards.find(
    ({ name, tags }) =>
      name === NAME && tags?.some(({ key, value }) => key === tag.key && value === tag.value),
  );
  const board = {
    name: NAME,
    description: 'Made by `npm run honeycomb:board`, which overwrites what is changed here.',
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
    newQueries: made,
    queries: saved.length,
  };
}

function toPanel({ query, queryId, annotationId }: SavedQuery) {
  return {
    type: 'query',
    query_panel: { query_id: queryId, query_annotation_id: annotationId, query_style: query.style },
  };
}
