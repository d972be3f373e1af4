import type { IncomingMessage } from 'node:http';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { DEFAULT_LIMITS, type HttpLimits } from './limits.ts';
import { UnreadableInput } from './receiver.ts';

const INFLATERS = new Map<string, typeof createGunzip | typeof createBrotliDecompress>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);
const CHUNK_BYTES = 64 * 1024;

export interface BodyReader {
  /**
   * Reads and decompresses a request's body and resolves with the result of `handle`. The body counts as in
   * flight until then. Throws `UnreadableInput` when the body is too large, too slow, incomplete or in an
   * unknown encoding, and when too many bytes are in flight.
   */
  read<T>(request: IncomingMessage, handle: (body: Buffer) => T | Promise<T>): Promise<T>;
}

/** Creates a reader of bodies. Servers that share it share the limit over all connections. */
export function createBodyReader(limits: HttpLimits = DEFAULT_LIMITS): BodyReader {
  let inFlight = 0;

  /** Counts the bytes of one body, either as sent or decompressed. */
  function createMeter() {
    let bytes = 0;
    return {
      add: (more: number) => {
        bytes += more;
        inFlight += more;
        if (bytes > limits.bodyBytes) {
          throw new UnreadableInput(413, `the body is larger than ${limits.bodyBytes} bytes`);
        }
        if (inFlight > limits.inFlightBytes) {
          throw new UnreadableInput(503, `more than ${limits.inFlightBytes} bytes are being read`);
        }
      },
      release: () => {
        inFlight -= bytes;
        bytes = 0;
      },
    };
  }

  async function read<T>(request: IncomingMessage, handle: (body: Buffer) => T | Promise<T>): Promise<T> {
    const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
    const createInflater = INFLATERS.get(encoding);
    if (!createInflater && encoding !== 'identity') {
      throw new UnreadableInput(415, `the content encoding ${encoding.slice(0, 100)} is not supported`);
    }
    if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) {
      throw new UnreadableInput(413, `the body is larger than ${limits.bodyBytes} bytes`);
    }
    const sent = createMeter();
    const inflated = createMeter();
    try {
      const body = await collect(request, sent.add, limits.bodyMs);
      if (!createInflater || body.length === 0) return await handle(body);
      const inflater = createInflater({ chunkSize: CHUNK_BYTES });
      inflater.end(body);
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of inflater as AsyncIterable<Buffer>) {
          inflated.add(chunk.length);
          chunks.push(chunk);
        }
      } catch (error) {
        if (error instanceof UnreadableInput) throw error;
        throw new UnreadableInput(400, `not ${encoding}: ${(error as Error).message}`);
      }
      sent.release();
      return await handle(concat(chunks));
    } finally {
      sent.release();
      inflated.release();
    }
  }

  return { read };
}

/** Collects a body. It does not destroy the request when it rejects, because the response follows. */
function collect(
  request: IncomingMessage,
  count: (bytes: number) => void,
  timeoutMs: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const timer = setTimeout(
      () => fail(new UnreadableInput(408, `the body did not arrive within ${timeoutMs} ms`)),
      timeoutMs,
    );
    const fail = (reason: UnreadableInput) => {
      clearTimeout(timer);
      chunks.length = 0;
      request.removeListener('data', onData);
      reject(reason);
    };
    const onData = (chunk: Buffer) => {
      try {
        count(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        fail(error as UnreadableInput);
      }
    };
    request.on('data', onData);
    request.on('end', () => {
      clearTimeout(timer);
      resolve(concat(chunks));
    });
    request.on('error', (error) =>
      fail(new UnreadableInput(400, `the request ended early: ${error.message}`)),
    );
  });
}

function concat(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks);
}
