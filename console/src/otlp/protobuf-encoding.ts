import protobuf from 'protobufjs/light.js';
import { UnreadableInput } from '../http/receiver.ts';
import { MAX_VALUES, tooManyValues } from '../json.ts';
import { type Encoding, REJECTED } from './encoding.ts';
import { rpcStatus, services } from './protobuf-schema.ts';

/** Throws when a body has too many values: `uint32` reads the tag of each, and the length of most. */
class BoundedReader extends protobuf.BufferReader {
  #reads = 0;

  override uint32(): number {
    this.#reads += 1;
    if (this.#reads > 2 * MAX_VALUES) throw tooManyValues();
    return super.uint32();
  }
}

export const protobufEncoding: Encoding = {
  contentType: 'application/x-protobuf',
  decodeRequest(signal, body) {
    try {
      const reader = body.length > MAX_VALUES ? new BoundedReader(body) : body;
      return services[signal].request.decode(reader) as unknown as Record<string, unknown>;
    } catch (error) {
      if (error instanceof UnreadableInput) throw error;
      throw new UnreadableInput(400, `not protobuf: ${(error as Error).message}`);
    }
  },
  encodeResponse(signal, rejection) {
    if (!rejection) return new Uint8Array();
    const { count, reason } = rejection;
    const partialSuccess = { [REJECTED[signal]]: count, errorMessage: reason };
    return services[signal].response.encode({ partialSuccess }).finish();
  },
  encodeStatus: (message) => rpcStatus.encode({ message }).finish(),
};
