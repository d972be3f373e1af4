import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Page } from '../db/paging.ts';
import { jsonBody } from './json-body.ts';
import { nextLink } from './page-query.ts';
import { JSON_TYPE, sendJson, sendText } from './send-json.ts';
import { type ListedRow, serialisePage } from './serialise-page.ts';
import { parseBody, parseParams, parseQuery } from './validation.ts';

/** The schema of a part of the request; undefined if the route does not read it. */
export type Schema = z.ZodObject | undefined;
type Parsed<S extends Schema> = S extends z.ZodObject ? z.output<S> : undefined;

/** The input of a handler: each part is parsed by its schema, and undefined if it has none. */
export interface Input<P extends Schema, Q extends Schema, B extends Schema> {
  readonly params: Parsed<P>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
}

/** What a route's documentation shows. */
export interface Description<P extends Schema, Q extends Schema, B extends Schema> {
  readonly method: 'get' | 'post';
  /** In Express's syntax, such as `/api/activities/:uuid`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Media type of the 200 body; default `application/json`. */
  readonly mediaType?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Error statuses that the schemas above do not imply; for the documentation only. */
  readonly problems?: readonly number[];
  /** Whether responses are about one person, and so must not be stored, errors included. */
  readonly personal?: boolean;
}

interface EndpointSpec<P extends Schema, Q extends Schema, B extends Schema, R extends z.ZodType>
  extends Description<P, Q, B> {
  /** Documents the 200 body; responses are not validated. A string is sent as text, anything else as JSON. */
  readonly response: R;
  handle(input: Input<P, Q, B>, request: Request, response: Response): Promise<z.output<R>> | z.output<R>;
}

interface ListEndpointSpec<P extends Schema, Q extends Schema, Row extends z.ZodType<ListedRow>>
  extends Description<P, Q, undefined> {
  readonly method: 'get';
  readonly rows: z.ZodArray<Row>;
  /** Returns a page, newest row first. A page of at most 3 MB may have any order. */
  handle(input: Input<P, Q, undefined>): Promise<Page<z.output<Row>>>;
}

/** One route: its handlers and its OpenAPI description. */
export interface Endpoint extends Description<Schema, Schema, Schema> {
  readonly response: z.ZodType;
  /** Whether the response links to its next page in `Link`. */
  readonly paged: boolean;
  readonly handlers: readonly RequestHandler[];
}

/** Creates a route. Its schemas parse the request, type the handler and document both. */
export function endpoint<
  R extends z.ZodType,
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
>({ handle, ...description }: EndpointSpec<P, Q, B, R>): Endpoint {
  return createRoute(description, async (input: Input<P, Q, B>, request, response) => {
    sendJson(response, await handle(input, request, response));
  });
}

/**
 * Creates a route that returns one page of a list and links to the next page in `Link`. A page of more than
 * 3 MB ends earlier.
 */
export function listEndpoint<
  Row extends z.ZodType<ListedRow>,
  P extends Schema = undefined,
  Q extends Schema = undefined,
>({ handle, rows, ...description }: ListEndpointSpec<P, Q, Row>): Endpoint {
  const linkNext = nextLink(description.query);
  const route = createRoute(
    { ...description, response: rows },
    async (input: Input<P, Q, undefined>, request, response) => {
      const { json, next } = serialisePage(await handle(input));
      linkNext(request, response, next);
      sendText(response, JSON_TYPE, json);
    },
  );
  return { ...route, paged: true };
}

/** Creates a route whose input is parsed by the schemas of its description. */
function createRoute<P extends Schema, Q extends Schema, B extends Schema>(
  description: Description<P, Q, B> & Pick<Endpoint, 'response'>,
  respond: (input: Input<P, Q, B>, request: Request, response: Response) => Promise<void>,
): Endpoint {
  const { params, query, body } = description;
  async function answer(request: Request, response: Response): Promise<void> {
    const input = {
      params: params && parseParams(params, request.params),
      query: query && parseQuery(query, request.query),
      body: body && parseBody(body, request.body),
    };
    await respond(input as Input<P, Q, B>, request, response);
  }
  return { ...description, paged: false, handlers: body ? [jsonBody, answer] : [answer] };
}
