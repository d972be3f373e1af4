import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import type { Endpoint } from '../endpoint.ts';
import { PRIVATE } from '../middleware/cache-control.ts';
import { securityHeaders } from '../middleware/security-headers.ts';
import { sendText } from '../send-json.ts';
import { createOpenApiDocument } from './openapi.ts';

const PAGE_DIRECTORY = join(import.meta.dirname, 'page');
const SWAGGER_DIRECTORY = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));

/** Swagger UI loads scripts from this host, sets inline styles and uses `data:` URLs for its icons. */
const pageSecurity = securityHeaders({
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
});

/** The files that the page loads, with their folders. */
const ASSETS = [
  ['start.js', PAGE_DIRECTORY],
  ['swagger-ui-bundle.js', SWAGGER_DIRECTORY],
  ['swagger-ui.css', SWAGGER_DIRECTORY],
  ['favicon-32x32.png', SWAGGER_DIRECTORY],
] as const;

/** Returns the routes of the files that `/api/docs` loads. They are not part of the OpenAPI document. */
export function docsAssets(): Endpoint[] {
  return ASSETS.map(([name, root]) => ({
    method: 'get',
    path: `/api/docs/${name}`,
    summary: 'Get a file of the documentation page',
    response: z.string(),
    paged: false,
    handlers: [pageSecurity, sendFile(name, { root, lifetime: 'public, max-age=3600' })],
  }));
}

/** Express handles conditions and ranges, and calls the error handler for those that fail. */
function sendFile(name: string, { root, lifetime }: { root: string; lifetime: string }): RequestHandler {
  return (request, response) => {
    ignoreInvalidRange(request);
    response.setHeader('Cache-Control', lifetime);
    response.sendFile(name, { root });
  };
}

/** RFC 9110, section 14: a range is for GET only, and ignored if it ends before it begins. */
function ignoreInvalidRange({ method, headers }: Request): void {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  if (method === 'HEAD' || Number(first) > Number(last)) delete headers.range;
}

/** Returns two routes: the OpenAPI document of `endpoints` (and of these two), and a page to browse it. */
export function docsRoutes(endpoints: readonly Endpoint[], version: string): Endpoint[] {
  let document: string | undefined;
  const routes: Endpoint[] = [
    {
      method: 'get',
      path: '/api/openapi.json',
      summary: 'Get this OpenAPI document',
      response: z.looseObject({ openapi: z.string() }),
      paged: false,
      handlers: [
        (_request, response) => {
          document ??= JSON.stringify(createOpenApiDocument([...endpoints, ...routes], version));
          sendText(response, 'application/json; charset=utf-8', document);
        },
      ],
    },
    {
      method: 'get',
      path: '/api/docs',
      summary: 'Browse and try the API (HTML page)',
      response: z.string(),
      mediaType: 'text/html',
      paged: false,
      problems: [412, 416],
      handlers: [pageSecurity, sendFile('index.html', { root: PAGE_DIRECTORY, lifetime: PRIVATE })],
    },
  ];
  return routes;
}
