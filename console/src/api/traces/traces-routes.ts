import { type Request, type Response, Router } from 'express';
import type { Journal } from '../../journal/journal.ts';
import { toTraceId } from '../../trace-id/trace-id.ts';
import { ApiError, parseQuery } from '../api-error.ts';
import { ListQuery, matcher } from './list-query.ts';
import { viewTrace } from './trace-view.ts';
import { waitForTrace } from './wait-for-trace.ts';
import { WaitQuery } from './wait-query.ts';

/** The routes under `/api/traces`: list, newest first; read one, with an optional wait; delete all. */
export function tracesRoutes(journal: Journal): Router {
  const routes = Router({ caseSensitive: true });

  routes.get('/api/traces', (request, response) => {
    const query = parseQuery(ListQuery, request.query);
    const traces = [...journal.summaries()]
      .filter(matcher(query))
      .sort((a, b) => b.startedAt - a.startedAt)
      .slice(0, query.limit);
    response.json({ traces });
  });

  routes.delete('/api/traces', (_request, response) => {
    journal.clear();
    response.status(204).end();
  });

  routes.get('/api/traces/:id', async (request: Request<{ id: string }>, response) => {
    const traceId = toTraceId(request.params.id);
    if (traceId === undefined) throw new ApiError(400, 'this is not a trace id in any of its forms');
    const { wait, has } = parseQuery(WaitQuery, request.query);
    const unmet = await waitForTrace(journal, traceId, has, wait, whenGone(response));
    const view = viewTrace(journal, traceId);
    if (unmet.length > 0 || (view === undefined && wait > 0)) {
      const missing = unmet.map(({ text }) => text);
      const what = missing.join(', ') || 'this trace';
      const message = `${what} did not arrive within ${wait} ms`;
      throw new ApiError(408, message, { missing, ...(view && { summary: view.summary }) });
    }
    if (view === undefined) throw new ApiError(404, 'the console has nothing of this trace');
    response.json(view);
  });

  return routes;
}

function whenGone(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}
