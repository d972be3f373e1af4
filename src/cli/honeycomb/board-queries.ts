import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from '@opentelemetry/semantic-conventions';
import { ATTR_APP_RESULT_LENGTH } from '../../observability/attributes.ts';

const DAY_S = 86_400;

/** Honeycomb's columns for the standard fields of a span. */
const DURATION = 'duration_ms';
const KIND = 'span.kind';
const NAME = 'name';

/** https://docs.honeycomb.io/api/query-specification/ */
export interface QuerySpec {
  readonly calculated_fields?: readonly { name: string; expression: string }[];
  readonly calculations: readonly { op: string; column?: string }[];
  readonly filters: readonly { column: string; op: string; value?: string | number }[];
  readonly breakdowns?: readonly string[];
  readonly orders?: readonly { op: string; column?: string; order: 'descending' }[];
  readonly time_range: number;
}

export interface BoardQuery {
  readonly name: string;
  readonly description: string;
  readonly style: 'graph' | 'table' | 'combo';
  readonly spec: QuerySpec;
}

/** The columns that the queries use. A dataset may lack some: a column appears with its first value. */
export const COLUMNS: Readonly<Record<string, 'string' | 'integer' | 'float'>> = {
  [NAME]: 'string',
  [KIND]: 'string',
  [DURATION]: 'float',
  [ATTR_HTTP_ROUTE]: 'string',
  [ATTR_HTTP_RESPONSE_STATUS_CODE]: 'integer',
  [ATTR_APP_RESULT_LENGTH]: 'integer',
  [ATTR_EXCEPTION_TYPE]: 'string',
  [ATTR_EXCEPTION_MESSAGE]: 'string',
};

const requests = { column: KIND, op: '=', value: 'server' };
const useCases = { column: KIND, op: '=', value: 'internal' };

/** The queries of the board, in order. */
export const BOARD_QUERIES: readonly BoardQuery[] = [
  {
    name: 'Requests and error rate',
    description: 'Number of requests, and the percentage answered with 5xx.',
    style: 'graph',
    spec: {
      calculated_fields: [
        { name: 'fault_percent', expression: `IF(GTE($${ATTR_HTTP_RESPONSE_STATUS_CODE}, 500), 100, 0)` },
      ],
      calculations: [{ op: 'COUNT' }, { op: 'AVG', column: 'fault_percent' }],
      filters: [requests],
      time_range: DAY_S,
    },
  },
  {
    name: 'Duration by route',
    description: 'Duration of requests by route: P50, P95, P99 and a heatmap.',
    style: 'combo',
    spec: {
      calculations: ['P50', 'P95', 'P99', 'HEATMAP'].map((op) => ({ op, column: DURATION })),
      filters: [requests],
      breakdowns: [ATTR_HTTP_ROUTE],
      orders: [{ op: 'P95', column: DURATION, order: 'descending' }],
      time_range: DAY_S,
    },
  },
  {
    name: 'Slowest use cases',
    description: 'Duration of the use cases, slowest first.',
    style: 'table',
    spec: {
      calculations: [{ op: 'P95', column: DURATION }, { op: 'MAX', column: DURATION }, { op: 'COUNT' }],
      filters: [useCases],
      breakdowns: [NAME],
      orders: [{ op: 'P95', column: DURATION, order: 'descending' }],
      time_range: DAY_S,
    },
  },
  {
    name: 'Result lengths',
    description: 'Number of rows that the use cases return.',
    style: 'combo',
    spec: {
      calculations: ['AVG', 'MAX', 'HEATMAP'].map((op) => ({ op, column: ATTR_APP_RESULT_LENGTH })),
      filters: [{ column: ATTR_APP_RESULT_LENGTH, op: 'exists' }],
      breakdowns: [NAME],
      time_range: DAY_S,
    },
  },
  {
    name: 'Exceptions',
    description: 'Exceptions, most frequent first.',
    style: 'combo',
    spec: {
      calculations: [{ op: 'COUNT' }],
      filters: [{ column: ATTR_EXCEPTION_TYPE, op: 'exists' }],
      breakdowns: [ATTR_EXCEPTION_TYPE, ATTR_EXCEPTION_MESSAGE],
      orders: [{ op: 'COUNT', order: 'descending' }],
      time_range: DAY_S,
    },
  },
];
