import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import {
  createDocument,
  type oas31,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathItemObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import type { Endpoint } from '../endpoint.ts';
import { IdempotencyHeader } from '../idempotency/idempotency-key.ts';
import { PROBLEM_TYPE, Problem } from '../problem.ts';
import { VALIDATION_CODES } from '../validation.ts';
import { commonHeaders, pagedHeaders, throttledHeaders } from './response-headers.ts';

const DESCRIPTION = `\
Micro-blogging, observed by four systems under one trace id. Every response except those of the health probes
names its trace.

A known path returns 405 with \`Allow\` for a method that it does not support. HEAD responds as GET does.

While the API listens on loopback, a foreign \`Host\` is a 421, and a foreign \`Origin\` a 403 for every method
but GET, HEAD and OPTIONS. Elsewhere a \`Host\` is a 421 if \`ALLOWED_HOSTS\` is set and does not name it. Both
are problems.

Each client address has a budget of requests per window of time. \`RateLimit\` tells what is left of it; a
request over it is a 429. The health probes have no budget.`;

const ValidationCodes = z
  .array(z.enum(VALIDATION_CODES))
  .length(1)
  .meta({ id: 'ValidationCodes', description: 'Exactly one code', example: ['message_blank'] });

/** One object per status: zod-openapi makes one component of each distinct object. */
const FAILURES: Readonly<Record<number, ZodOpenApiResponseObject>> = Object.fromEntries(
  [400, 404, 409, 412, 413, 415, 416, 422, 429, 500, 503].map((status) => [status, failure(status)]),
);

/** Builds the OpenAPI 3.1 document of the routes from the schemas that validate their requests. */
export function createOpenApiDocument(endpoints: readonly Endpoint[], version: string) {
  const paths: Record<string, ZodOpenApiPathItemObject> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method]: toOperation(endpoint) };
  }
  return createDocument({
    openapi: '3.1.1',
    info: { title: 'Cruddur', version, description: DESCRIPTION },
    paths,
  }) as oas31.OpenAPIObject;
}

function toOperation(endpoint: Endpoint): ZodOpenApiOperationObject {
  const { method, summary, description, params, query, body } = endpoint;
  return {
    operationId: operationId(endpoint),
    summary,
    ...(description && { description }),
    requestParams: {
      ...(params && { path: params }),
      ...(query && { query }),
      ...(method === 'post' && { header: IdempotencyHeader }),
    },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      200: success(endpoint),
      ...Object.fromEntries(statuses(endpoint).map((status) => [status, FAILURES[status]])),
    },
  };
}

/** For example, `get /api/activities/@:handle` becomes `get-activities-handle`. */
function operationId({ method, path }: Endpoint): string {
  return [method, ...path.replace(/^\/api/, '').split(/\W+/)].filter(Boolean).join('-');
}

function success({ response, paged, mediaType = 'application/json' }: Endpoint): ZodOpenApiResponseObject {
  return {
    description: 'OK',
    headers: paged ? pagedHeaders : commonHeaders,
    content: { [mediaType]: { schema: response } },
  };
}

function statuses({ method, params, query, body, problems = [] }: Endpoint): number[] {
  const implied = [
    ...(params ? [400, 404] : []),
    ...(query ? [422] : []),
    ...(body ? [400, 413, 415, 422] : []),
    ...(method === 'post' ? [400, 409, 422] : []),
  ];
  return [...new Set([...implied, ...problems, 429, 500, 503])].sort((a, b) => a - b);
}

function failure(status: number): ZodOpenApiResponseObject {
  const description = STATUS_CODES[status] ?? '';
  const content = {
    ...(status === 422 && { 'application/json': { schema: ValidationCodes } }),
    [PROBLEM_TYPE]: { schema: Problem },
  };
  const headers = status === 429 ? throttledHeaders : commonHeaders;
  return { id: description.replaceAll(/\W/g, ''), description, headers, content };
}
