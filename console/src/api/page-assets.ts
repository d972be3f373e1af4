import { findPackageJSON, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express';
import { type Asset, createAssetCache } from './asset-cache.ts';

const PAGE = join(import.meta.dirname, '../page');
const LIT_HTML = directoryOf('lit-html');

/** Plain names only: no path leaves its directory or names a hidden file. */
const PAGE_FILE = /^[\w-]+(?:\/[\w-]+)*\.(?:ts|css)$/;
const LIBRARY_FILE = /^[\w-]+(?:\/[\w-]+)*\.js$/;

const ENCODINGS = ['br', 'gzip'] as const;
const HTML = { type: 'text/html; charset=utf-8' };
const CSS = { type: 'text/css; charset=utf-8' };
const SCRIPT = { type: 'text/javascript; charset=utf-8' };
const TYPESCRIPT = { ...SCRIPT, transform: (source: string) => stripTypeScriptTypes(source) };

/** Serves the page: its HTML, its modules without their types, its style sheets, and lit-html. */
export function pageAssets(): Router {
  const assets = createAssetCache();
  const routes = Router({ caseSensitive: true });

  const page: RequestHandler = async (request, response, next) => {
    answer(await assets.get(join(PAGE, 'index.html'), HTML), request, response, next);
  };
  routes.get('/', page);
  routes.get('/trace/:id', page);
  routes.get('/page/*name', async (request: NamedRequest, response, next) => {
    const name = request.params.name.join('/');
    const kind = name.endsWith('.ts') ? TYPESCRIPT : CSS;
    const asset = PAGE_FILE.test(name) ? await assets.get(join(PAGE, name), kind) : undefined;
    answer(asset, request, response, next);
  });
  routes.get('/lib/lit-html/*name', async (request: NamedRequest, response, next) => {
    const name = request.params.name.join('/');
    const asset = LIBRARY_FILE.test(name) ? await assets.get(join(LIT_HTML, name), SCRIPT) : undefined;
    answer(asset, request, response, next);
  });
  return routes;
}

type NamedRequest = Request<{ name: string[] }>;

function answer(asset: Asset | undefined, request: Request, response: Response, next: NextFunction): void {
  if (asset === undefined) {
    next();
    return;
  }
  const encoding = ENCODINGS.find((each) => request.acceptsEncodings(each) === each) ?? 'identity';
  response.set({
    'content-type': asset.type,
    // The browser revalidates its copy each time: a change shows at once, and an unchanged file is not sent
    // again.
    'cache-control': 'no-cache',
    vary: 'accept-encoding',
    etag: `"${asset.hash}-${encoding}"`,
  });
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const body = asset.bodies[encoding];
  if (encoding !== 'identity') response.set('content-encoding', encoding);
  response.set('content-length', String(body.length)).end(body);
}

function directoryOf(name: string): string {
  const file = findPackageJSON(name, import.meta.url);
  if (file === undefined) throw new Error(`the package ${name} is not installed`);
  return dirname(file);
}
