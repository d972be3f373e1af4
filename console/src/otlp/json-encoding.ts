import { UnreadableInput } from '../http/receiver.ts';
import { isRecord, parseJson } from '../json.ts';
import { type Encoding, REJECTED } from './encoding.ts';

/** https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
export const jsonEncoding: Encoding = {
  contentType: 'application/json',
  decodeRequest(_, body) {
    const message = parseJson(body.toString());
    if (!isRecord(message)) throw new UnreadableInput(400, 'the request is not an object');
    return message;
  },
  encodeResponse(signal, rejection) {
    if (!rejection) return '{}';
    const { count, reason } = rejection;
    // 64-bit integers are decimal strings in this encoding.
    return JSON.stringify({ partialSuccess: { [REJECTED[signal]]: String(count), errorMessage: reason } });
  },
  encodeStatus: (message) => JSON.stringify({ message }),
};
