import { constants, createGzip, type ZlibReset } from 'node:zlib';

/** More than the output of most batches, so that a batch is one turn of a thread. */
const CHUNK_BYTES = 65_536;

type Compress = (bytes: Buffer) => Promise<Buffer>;

/**
 * Returns a function that compresses with gzip at its lowest level. It keeps its compressors, as many as
 * worked at a time: a new one takes 270 kB outside of V8's heap, and one per batch made V8 mark its whole
 * heap three times a second.
 */
export function createCompress(): Compress {
  const idle: Compress[] = [];
  return async (bytes) => {
    const compress = idle.pop() ?? createCompressor();
    const compressed = await compress(bytes);
    idle.push(compress);
    return compressed;
  };
}

/** Returns a function that may be called again once its promise has resolved. */
function createCompressor(): Compress {
  const options = { level: 1, chunkSize: CHUNK_BYTES, flush: constants.Z_FINISH };
  const gzip = createGzip(options) as ReturnType<typeof createGzip> & ZlibReset;
  let chunks: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  // The callback of the write has the error too.
  gzip.on('error', () => {});
  return (bytes) =>
    new Promise((resolve, reject) => {
      gzip.write(bytes, (error) => {
        if (error) return reject(error);
        resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
        chunks = [];
        gzip.reset();
      });
    });
}
