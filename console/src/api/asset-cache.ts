import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Takes a twentieth of the time of the highest quality, for a tenth more bytes. */
const BROTLI_QUALITY = 6;

type Encoding = 'br' | 'gzip' | 'identity';

/** A file in each encoding in which it is served. */
export interface Asset {
  readonly type: string;
  /** The hash of the uncompressed content. */
  readonly hash: string;
  readonly bodies: Readonly<Record<Encoding, Buffer>>;
}

interface AssetKind {
  /** The content type. */
  readonly type: string;
  readonly transform?: (source: string) => string;
}

interface AssetCache {
  /** Resolves with undefined when the file does not exist. */
  get(file: string, kind: AssetKind): Promise<Asset | undefined>;
}

/** Reads, transforms and compresses each file once, and again after it changed. */
export function createAssetCache(): AssetCache {
  const cache = new Map<string, { readonly modifiedAt: number; readonly asset: Promise<Asset> }>();
  return {
    async get(file, kind) {
      const stats = await stat(file).catch(() => undefined);
      if (!stats?.isFile()) return undefined;
      const known = cache.get(file);
      if (known?.modifiedAt === stats.mtimeMs) return known.asset;
      const asset = makeAsset(file, kind);
      cache.set(file, { modifiedAt: stats.mtimeMs, asset });
      asset.catch(() => cache.delete(file));
      return asset;
    },
  };
}

async function makeAsset(file: string, { type, transform }: AssetKind): Promise<Asset> {
  const source = await readFile(file, 'utf8');
  const identity = Buffer.from(transform ? transform(source) : source);
  const [br, gzipped] = await Promise.all([
    toBrotli(identity, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
      },
    }),
    toGzip(identity, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  const hash = createHash('sha256').update(identity).digest('base64url').slice(0, 22);
  return { type, hash, bodies: { br, gzip: gzipped, identity } };
}
