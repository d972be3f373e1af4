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

/** Swagger UI runs from files of ours, styles elements by attribute, and draws icons from `data:` URLs. */
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

/** What the page under `/api/docs` loads. */
export function docsAssets(): RequestHandler[] {
  const options = { index: false, redirect: false, maxAge: '1h' } as const;
  return [pageSecurity, express.static(PAGE_DIRECTORY, options), express.static(SWAGGER_DIRECTORY, options)];
}

/** The OpenAPI document of the given routes and of these two, and the page to read and try it. */
export function docsRoutes(endpoints: readonly Endpoint[], version: string): Endpoint[] {
  let document: string | undefined;
  const routes: Endpoint[] = [
    {
      method: 'get',
      path: '/api/openapi.json',
      summary: 'This document',
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
      summary: 'A page to read this document and try it',
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
