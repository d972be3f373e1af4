import { NodeHttpHandler } from '@smithy/node-http-handler';
import { readBounded } from '../delivery/read-bounded.ts';

const CONNECT_TIMEOUT_MS = 3_000;
/** DescribeLogStreams lists at most 50 streams, some 30 kB. */
const MOST_ANSWER_BYTES = 1_000_000;

/** The operations whose answer is never empty. */
const ANSWERING = /\.(?:DescribeLogStreams|PutLogEvents)$/;

/** An answer that cannot be CloudWatch Logs'. */
class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

/**
 * The SDK's HTTP handler, passing on only what CloudWatch Logs can have said: the SDK itself takes `null` or an empty
 * answer of anybody for an acknowledgement, and reads an answer that has no end.
 */
export class StrictHttpHandler extends NodeHttpHandler {
  constructor() {
    super({ connectionTimeout: CONNECT_TIMEOUT_MS });
  }

  override async handle(...args: Parameters<NodeHttpHandler['handle']>) {
    const [{ headers }] = args;
    const { response } = await super.handle(...args);
    const body = await readBounded(response.body, MOST_ANSWER_BYTES);
    if (body.length > MOST_ANSWER_BYTES) {
      throw new BadAnswer(`answer is longer than ${MOST_ANSWER_BYTES} bytes`);
    }
    const isObject = isJsonObject(body);
    const mayBeEmpty = body.length === 0 && !ANSWERING.test(headers['x-amz-target'] ?? '');
    if (response.statusCode < 300 && !isObject && !mayBeEmpty) {
      throw new BadAnswer(`answer ${response.statusCode} is not one of CloudWatch Logs`);
    }
    // With no object in it, the SDK judges a failure by its status.
    response.body = isObject ? body : Buffer.alloc(0);
    return { response };
  }
}

function isJsonObject(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
