import protobuf from 'protobufjs/light.js';
import type { Signal } from './encoding.ts';
import { LOG_AND_METRIC_MESSAGES } from './logs-and-metrics-messages.ts';
import { KINDS, STATUSES } from './span.ts';
import { TRACE_MESSAGES } from './trace-messages.ts';

/** Protobuf messages by name, the fields with number and type. The type of a repeated field ends in `[]`. */
export type Messages = Readonly<
  Record<string, Readonly<Record<string, readonly [id: number, type: string]>>>
>;

/** The schema names only the enums that `Span` uses; it reads other enums as numbers. */
const ENUMS = {
  SpanKind: enumOf('SPAN_KIND_', KINDS),
  StatusCode: enumOf('STATUS_CODE_', STATUSES),
};

/** `google.rpc.Status`, the body of a refusal. */
const RPC_STATUS: Messages = { RpcStatus: { code: [1, 'int32'], message: [2, 'string'] } };

/** OTLP 1.x. https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto */
const root = protobuf.Root.fromJSON({
  nested: {
    ...ENUMS,
    ...Object.fromEntries(
      Object.entries({ ...TRACE_MESSAGES, ...LOG_AND_METRIC_MESSAGES, ...RPC_STATUS }).map(toType),
    ),
  },
});

export const rpcStatus: protobuf.Type = root.lookupType('RpcStatus');

/** The request and the response of each signal's export service. */
export const services: Readonly<Record<Signal, { request: protobuf.Type; response: protobuf.Type }>> = {
  traces: serviceOf('ExportTraceService'),
  logs: serviceOf('ExportLogsService'),
  metrics: serviceOf('ExportMetricsService'),
};

function serviceOf(name: string) {
  return { request: root.lookupType(`${name}Request`), response: root.lookupType(`${name}Response`) };
}

function enumOf(prefix: string, names: readonly string[]): protobuf.IEnum {
  return {
    values: Object.fromEntries(names.map((name, value) => [`${prefix}${name.toUpperCase()}`, value])),
  };
}

function toType([name, fields]: [string, Messages[string]]): [string, protobuf.IType] {
  const described = Object.entries(fields).map(([field, [id, type]]): [string, protobuf.IField] => {
    const isRepeated = type.endsWith('[]');
    return [field, isRepeated ? { id, type: type.slice(0, -2), rule: 'repeated' } : { id, type }];
  });
  return [name, { fields: Object.fromEntries(described) }];
}
