import { beforeAll, describe, expect, test } from 'vitest';
import type { oas31 } from 'zod-openapi';
import { useApp } from '../../helpers/app/app.ts';

const ROUTES = [
  'get /api/activities/home',
  'get /api/activities/notifications',
  'get /api/activities/@{handle}',
  'get /api/activities/search',
  'get /api/activities/{uuid}',
  'get /api/activities/{uuid}/replies',
  'post /api/activities',
  'post /api/activities/{uuid}/reply',
  'get /api/message_groups',
  'get /api/messages/@{handle}',
  'post /api/messages',
  'get /api/health-check',
  'get /livez',
  'get /readyz',
  'get /telemetry',
  'get /rollbar/test',
  'get /api/openapi.json',
  'get /api/docs',
];

const app = useApp();
let document: oas31.OpenAPIObject;

beforeAll(async () => {
  document = (await app.get('/api/openapi.json').expect(200)).body;
});

function operations(): [name: string, operation: oas31.OperationObject][] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, oas31.OperationObject] => [
      `${method} ${path}`,
      operation,
    ]),
  );
}

function headersOf(response: oas31.ResponseObject | oas31.ReferenceObject | undefined): string[] {
  return Object.keys((response as oas31.ResponseObject).headers ?? {}).sort();
}

describe('/api/openapi.json', () => {
  test('is OpenAPI 3.1 and lists every route', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({
      title: 'Cruddur',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
    expect(
      operations()
        .map(([name]) => name)
        .sort(),
    ).toEqual(ROUTES.toSorted());
  });

  test('gives each operation a unique id, and lists the parameters of its path', () => {
    const ids = operations().map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ROUTES.length);
    for (const [name, { parameters = [] }] of operations()) {
      const declared = parameters.flatMap((parameter) =>
        'in' in parameter && parameter.in === 'path' ? [parameter.name] : [],
      );
      expect(declared).toEqual([...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter));
    }
  });

  test('has no dangling references', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, reference = ''] of references) {
      const target = reference
        .split('/')
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document);
      expect(target, reference).toBeTypeOf('object');
    }
  });

  test('documents the limits that the validation enforces', () => {
    const { paths = {} } = document;
    expect(paths['/api/activities/home']?.get?.parameters).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 100, default: 20 }),
      }),
    );
    const body = paths['/api/activities']?.post?.requestBody;
    expect(body).toMatchObject({
      content: {
        'application/json': {
          schema: {
            required: ['message', 'ttl'],
            properties: {
              message: { minLength: 1, maxLength: 280 },
              ttl: { enum: expect.arrayContaining(['1-hour']) },
            },
          },
        },
      },
    });
  });

  test('documents the problems and the codes of a 422', () => {
    const responses = document.paths?.['/api/messages']?.post?.responses ?? {};
    expect(Object.keys(responses)).toEqual([
      '200',
      '400',
      '404',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ]);
    expect(document.components?.responses).toMatchObject({
      NotFound: {
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
      UnprocessableEntity: {
        content: { 'application/json': { schema: { $ref: '#/components/schemas/ValidationCodes' } } },
      },
    });
  });

  test('documents the Idempotency-Key of every POST', () => {
    for (const [name, { parameters = [] }] of operations()) {
      const headers = parameters.filter((parameter) => 'in' in parameter && parameter.in === 'header');
      const expected = { name: 'Idempotency-Key', schema: { type: 'string', minLength: 1, maxLength: 255 } };
      expect(headers).toMatchObject(name.startsWith('post ') ? [expected] : []);
    }
  });

  test('documents what any request may get, and what only files do', () => {
    expect(document.info.description).toMatch(/`Host` is a 421.*`Origin` a 403/);
    const files = operations()
      .filter(([, { responses }]) => responses?.['412'] && responses['416'])
      .map(([name]) => name);
    expect(files).toEqual(['get /api/docs']);
    const handle = document.paths?.['/api/activities/@{handle}']?.get?.parameters;
    expect(handle).toContainEqual(
      expect.objectContaining({ schema: expect.objectContaining({ pattern: '^[A-Za-z0-9_]{1,30}$' }) }),
    );
  });

  test('documents the headers of rate limits', () => {
    const { TooManyRequests, NotFound } = document.components?.responses ?? {};
    const common = ['RateLimit', 'RateLimit-Policy', 'X-Amzn-Trace-Id', 'traceresponse'];
    expect(headersOf(TooManyRequests)).toEqual([...common.slice(0, 2), 'Retry-After', ...common.slice(2)]);
    expect(headersOf(NotFound)).toEqual(common);
    for (const [, { responses }] of operations()) {
      expect(headersOf(responses?.['200'])).toEqual(expect.arrayContaining(common));
    }
  });

  test('documents the Link header of paged lists only', () => {
    const paged = operations()
      .filter(([, { responses }]) => responses?.['200'].headers.Link)
      .map(([name]) => name);
    expect(paged.sort()).toEqual(
      ['@{handle}', 'home', 'notifications', 'search', '{uuid}/replies']
        .map((list) => `get /api/activities/${list}`)
        .concat('get /api/message_groups', 'get /api/messages/@{handle}'),
    );
  });
});

describe('/api/docs', () => {
  test('loads scripts and styles from this host only', async () => {
    const page = await app.get('/api/docs').expect(200);
    expect(page.type).toBe('text/html');
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    expect(page.text).not.toMatch(/<script(?! src="\/)/);
    expect(page.text).not.toContain('//');
    const assets = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, asset = '']) => asset);
    expect(assets).toContain('/api/docs/swagger-ui-bundle.js');
    for (const asset of assets) await app.request('head', asset).expect(200);
  });

  test('serves no other files', async () => {
    for (const path of [
      '/api/docs/package.json',
      '/api/docs/README.md',
      '/api/docs/LICENSE',
      '/api/docs/index.html',
      '/api/docs/swagger-ui.js',
      '/api/docs/swagger-ui-bundle.js.map',
      '/api/docs/swagger-initializer.js',
      '/api/docs/oauth2-redirect.html',
      '/api/docs/favicon-16x16.png',
      '/api/docs/',
      '/api/docs/../docs.ts',
      '/api/docs/..%2fdocs.ts',
      '/api/docs/%00',
      '/api/docs/package.json/x',
    ]) {
      await app.get(path).expect(404);
    }
  });
});
