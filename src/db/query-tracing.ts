import { SpanKind } from '@opentelemetry/api';
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  DB_SYSTEM_NAME_VALUE_POSTGRESQL,
} from '@opentelemetry/semantic-conventions';
import type { TraceOptions } from '../observability/traced.ts';
import type { Query } from './query.ts';

/** Maximum number of cached statements. The service has fewer: all of its statements are constants. */
const MAX_STATEMENTS = 200;

export type QueryTracing = (query: Query) => TraceOptions;

export interface DatabaseServer {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/**
 * Returns a function that describes a query for traces: a client span by OpenTelemetry's database
 * conventions, and a remote subsegment with the SQL. The text has placeholders, never values. Descriptions
 * are cached per statement.
 */
export function createQueryTracing(server: DatabaseServer): QueryTracing {
  const known = new Map<string, TraceOptions>();
  return (query) => {
    const kept = known.get(query.text);
    if (kept !== undefined) return kept;
    const options = describeQuery(server, query);
    if (known.size < MAX_STATEMENTS) known.set(query.text, options);
    return options;
  };
}

function describeQuery(server: DatabaseServer, { summary, text: source }: Query): TraceOptions {
  const text = source.replaceAll(/\s+/g, ' ').trim();
  const [operation = summary, ...collections] = summary.split(' ');
  const [collection] = collections;
  const sql = {
    url: `postgresql://${server.host}:${server.port}/${server.database}`,
    database_type: 'PostgreSQL',
    sanitized_query: text,
  };
  const annotations = {
    [ATTR_DB_SYSTEM_NAME]: DB_SYSTEM_NAME_VALUE_POSTGRESQL,
    [ATTR_DB_NAMESPACE]: server.database,
    [ATTR_DB_OPERATION_NAME]: operation,
    ...(collection !== undefined && collections.length === 1 && { [ATTR_DB_COLLECTION_NAME]: collection }),
    [ATTR_DB_QUERY_SUMMARY]: summary,
    [ATTR_SERVER_ADDRESS]: server.host,
    [ATTR_SERVER_PORT]: server.port,
  };
  const attributes = { ...annotations, [ATTR_DB_QUERY_TEXT]: text };
  return {
    tracer: 'cruddur.database',
    name: summary,
    kind: SpanKind.CLIENT,
    attributes: () => attributes,
    annotations,
    prepare: (subsegment) => {
      subsegment.namespace = 'remote';
      subsegment.addSqlData(sql);
    },
  };
}
