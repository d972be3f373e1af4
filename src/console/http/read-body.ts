import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Unreadable } from './receiver.ts';

/** What OTLP recommends as the limit, before and after decompression. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

const gunzipAsync = promisify(gunzip);

/** Reads a request's body, decompressed. Throws `Unreadable` when it is too large, not whole, or in an unknown encoding. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const body = await collect(request);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new Unreadable(415, `the content encoding ${encoding} is not supported`);
  try {
    return await gunzipAsync(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new Unreadable(400, `not gzip: ${(error as Error).message}`);
  }
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else reject(tooLarge());
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', (error) => reject(new Unreadable(400, `the request ended early: ${error.message}`)));
  });
}

function tooLarge(): Unreadable {
  return new Unreadable(413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
}
