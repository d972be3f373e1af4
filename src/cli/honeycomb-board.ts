import { ensureBoard } from './honeycomb/ensure-board.ts';
import { withHoneycombApi } from './honeycomb/with-honeycomb-api.ts';
import { readFlags } from './read-flags.ts';

const { 'dry-run': dryRun = false } = readFlags({ 'dry-run': { type: 'boolean' } });

await withHoneycombApi({ dryRun }, async (api, { dataset }) => {
  const { isNew, url, newQueries, queries } = await ensureBoard(api, dataset);
  const board = isNew ? 'The board was created' : 'The board is up to date';
  return `${board}, ${newQueries} of its ${queries} queries are new${url ? `: ${url}` : '.'}`;
});
