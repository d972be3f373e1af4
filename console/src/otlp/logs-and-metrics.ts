import { asRecord } from '../json.ts';
import { readList } from './read-list.ts';

const METRIC_DATA = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];

/** Counts the log records in an ExportLogsServiceRequest. */
export function countLogRecords(message: Record<string, unknown>): number {
  return itemsOf(message, 'resourceLogs', 'scopeLogs', 'logRecords').length;
}

/** Counts the data points in an ExportMetricsServiceRequest. */
export function countDataPoints(message: Record<string, unknown>): number {
  let count = 0;
  for (const metric of itemsOf(message, 'resourceMetrics', 'scopeMetrics', 'metrics')) {
    for (const type of METRIC_DATA) count += readList(asRecord(metric[type]), 'dataPoints').length;
  }
  return count;
}

/** Flattens the lists in the lists in a list of a message. */
function itemsOf(message: Record<string, unknown>, ...fields: string[]): Record<string, unknown>[] {
  return fields.reduce(
    (messages, field) => messages.flatMap((part) => readList(part, field).map(asRecord)),
    [message],
  );
}
