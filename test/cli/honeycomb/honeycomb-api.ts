import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { z } from 'zod';

const KEY = 'hush-configuration-key';
const DATASET = 'backend-express';

const op = z.enum(['COUNT', 'SUM', 'AVG', 'MAX', 'MIN', 'P50', 'P90', 'P95', 'P99', 'HEATMAP']);
const Query = z.strictObject({
  calculated_fields: z.array(z.strictObject({ name: z.string(), expression: z.string() })).optional(),
  calculations: z.array(z.strictObject({ op, column: z.string().optional() })),
  filters: z.array(
    z.strictObject({
      column: z.string(),
      op: z.enum(['=', '!=', '>', '>=', '<', '<=', 'exists', 'does-not-exist', 'in', 'starts-with']),
      value: z.unknown().optional(),
    }),
  ),
  breakdowns: z.array(z.string()).optional(),
  orders: z
    .array(
      z.strictObject({
        op: op.exclude(['HEATMAP']).optional(),
        column: z.string().optional(),
        order: z.enum(['ascending', 'descending']),
      }),
    )
    .optional(),
  time_range: z.int().max(604_800),
});
const Annotation = z.strictObject({
  name: z.string().min(1).max(320),
  description: z.string().max(1023),
  query_id: z.string(),
});
const Column = z.strictObject({
  key_name: z.string(),
  type: z.enum(['string', 'float', 'integer', 'boolean']),
});
const Board = z.strictObject({
  name: z.string().min(1).max(255),
  description: z.string().max(1024),
  type: z.literal('flexible'),
  layout_generation: z.enum(['auto', 'manual']),
  panels: z.array(
    z.strictObject({
      type: z.literal('query'),
      query_panel: z.strictObject({
        query_id: z.string(),
        query_annotation_id: z.string(),
        query_style: z.enum(['graph', 'table', 'combo']),
      }),
    }),
  ),
  tags: z
    .array(
      z.strictObject({
        key: z.string().regex(/^[a-z]{1,32}$/),
        value: z.string().regex(/^[a-z][a-z0-9/-]{1,128}$/),
      }),
    )
    .max(10),
});
const Marker = z.strictObject({
  start_time: z.int(),
  message: z.string(),
  type: z.string(),
  url: z.string().optional(),
});

type Stored<T> = T & { readonly id: string };

/** An error in Honeycomb's format. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Starts Honeycomb's API of boards, queries, annotations, columns and markers as documented, because a test
 * cannot reach the real one. It stores what it receives and refuses what is not documented.
 */
export async function startHoneycombApi() {
  const columns: Stored<z.infer<typeof Column>>[] = [{ id: 'c', key_name: 'name', type: 'string' }];
  const queries: Stored<z.infer<typeof Query>>[] = [];
  const annotations: Stored<z.infer<typeof Annotation>>[] = [];
  const boards: Stored<z.infer<typeof Board>>[] = [];
  const markers: Stored<z.infer<typeof Marker>>[] = [];

  function keep<T extends object>(list: Stored<T>[], schema: z.ZodType<T>, body: unknown): Stored<T> {
    const item = { id: randomUUID(), ...check(schema, body) };
    list.push(item);
    return item;
  }

  function checkQuery(body: unknown): void {
    const {
      calculated_fields = [],
      calculations,
      filters,
      breakdowns = [],
      orders = [],
    } = check(Query, body);
    const known = [...columns.map(({ key_name }) => key_name), ...calculated_fields.map(({ name }) => name)];
    const asked = [...calculations, ...filters].flatMap(({ column }) =>
      column === undefined ? [] : [column],
    );
    const unknown = [...asked, ...breakdowns].find((column) => !known.includes(column));
    if (unknown !== undefined) throw new Refused(422, `unknown column ${unknown}`);
    const ordered = orders.every((order) =>
      calculations.some(({ op, column }) => op === order.op && column === order.column),
    );
    if (!ordered) throw new Refused(422, 'orders must be among calculations');
  }

  function checkBoard(body: unknown): void {
    for (const { query_panel } of check(Board, body).panels) {
      const annotation = annotations.find(({ id }) => id === query_panel.query_annotation_id);
      if (annotation?.query_id !== query_panel.query_id) throw new Refused(422, 'no such query');
    }
  }

  function answer(method: string, path: string, body: unknown): unknown {
    const [, , resource = '', first = '', second = ''] = path.split('/');
    if (resource !== 'boards' && first !== DATASET) throw new Refused(404, 'dataset not found');
    switch (`${method} ${resource}${(resource === 'boards' ? first : second) ? ' id' : ''}`) {
      case 'GET columns':
        return columns;
      case 'POST columns':
        return keep(columns, Column, body);
      case 'POST queries':
        checkQuery(body);
        return keep(queries, Query, body);
      case 'GET queries id':
        return { ...queries.find(({ id }) => id === second), limit: 1000, filter_combination: 'AND' };
      case 'GET query_annotations':
        return annotations;
      case 'POST query_annotations':
        return keep(annotations, Annotation, body);
      case 'DELETE query_annotations id':
        annotations.splice(
          annotations.findIndex(({ id }) => id === second),
          1,
        );
        return undefined;
      case 'GET boards':
        return boards;
      case 'POST boards':
        checkBoard(body);
        return withLink(keep(boards, Board, body));
      case 'PUT boards id':
        checkBoard(body);
        boards.splice(
          boards.findIndex(({ id }) => id === first),
          1,
          { id: first, ...check(Board, body) },
        );
        return withLink({ id: first });
      case 'POST markers':
        return keep(markers, Marker, body);
    }
    throw new Refused(405, 'method not allowed');
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = request.headers['content-type'] ? await readJson(request) : undefined;
      const key = request.headers['x-honeycomb-team'];
      if (key !== KEY) throw new Refused(401, `unknown API key ${key} - check your credentials`);
      response.end(JSON.stringify(answer(request.method ?? '', request.url ?? '', body)));
    } catch (error) {
      response.statusCode = error instanceof Refused ? error.status : 500;
      response.end(JSON.stringify({ error: (error as Error).message }));
    }
  }

  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment: { HONEYCOMB_API_ENDPOINT: url, HONEYCOMB_CONFIGURATION_KEY: KEY },
    columns,
    queries,
    annotations,
    boards,
    markers,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function withLink(board: { readonly id: string }) {
  return {
    ...board,
    links: { board_url: `https://ui.honeycomb.io/team/environments/test/board/${board.id}` },
  };
}

function check<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Refused(422, `${issue?.path.join('.')} ${issue?.message}`);
}
