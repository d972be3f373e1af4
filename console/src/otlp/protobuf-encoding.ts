import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { Unreadable } from '../http/receiver.ts';
import { MAX_VALUES, tooManyValues } from '../json.ts';
import { type Encoding, REJECTED, type Signal } from './encoding.ts';

/** This package has the official `.proto` files, under `opentelemetry/proto`. */
const PACKAGE = dirname(fileURLToPath(import.meta.resolve('@elastic/mockotlpserver/package.json')));

const STATUS = { fields: { code: { type: 'int32', id: 1 }, message: { type: 'string', id: 2 } } };

/** Loads the schema: this takes a tenth of a second, so the module is imported with the first request that needs it. */
const root = new protobuf.Root();
root.resolvePath = (_, path) => join(PACKAGE, path);
const { Status, ...services } = {
  Status: protobuf.Root.fromJSON({ nested: { Status: STATUS } }).lookupType('Status'),
  traces: loadService('trace', 'ExportTraceService'),
  logs: loadService('logs', 'ExportLogsService'),
  metrics: loadService('metrics', 'ExportMetricsService'),
} satisfies Record<Signal, unknown> & { Status: protobuf.Type };

/** Reads a body as long as it does not hold too many values, of which each has a tag; most have a length too. */
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
      if (error instanceof Unreadable) throw error;
      throw new Unreadable(400, `not protobuf: ${(error as Error).message}`);
    }
  },
  encodeResponse(signal, rejection) {
    if (!rejection) return new Uint8Array();
    const { count, reason } = rejection;
    const partialSuccess = { [REJECTED[signal]]: count, errorMessage: reason };
    return services[signal].response.encode({ partialSuccess }).finish();
  },
  encodeStatus: (message) => Status.encode({ message }).finish(),
};

function loadService(name: string, service: string) {
  root.loadSync(`opentelemetry/proto/collector/${name}/v1/${name}_service.proto`);
  const namespace = root.lookup(`opentelemetry.proto.collector.${name}.v1`) as protobuf.Namespace;
  return {
    request: namespace.lookupType(`${service}Request`),
    response: namespace.lookupType(`${service}Response`),
  };
}
