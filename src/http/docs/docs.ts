import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler } from 'express';
import { z } from 'zod';
import type { Endpoint } from '../endpoint.ts';
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

/** Returns the middleware that serves the files that `/api/docs` loads: our own and Swagger UI's. */
export function docsAssets(): RequestHandler[] {
  const options = { index: false, redirect: false, maxAge: '1h' } as const;
  return [pageSecurity, express.static(PAGE_DIRECTORY, options), express.static(SWAGGER_DIRECTORY, options)];
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
      handlers: [
        pageSecurity,
        (_request, response) => response.sendFile('index.html', { root: PAGE_DIRECTORY }),
      ],
    },
  ];
  return routes;
}
