import type { Config } from '../../config/config.ts';
import { createSpanExport } from './export.ts';

/** Creates what sends spans to Honeycomb, or to whatever `OTEL_EXPORTER_OTLP_ENDPOINT` names. */
export function createHoneycombExport(config: NonNullable<Config['honeycomb']>) {
  return createSpanExport({
    ...config,
    variables: {
      credentials: 'OTEL_EXPORTER_OTLP_HEADERS is',
      address: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    },
  });
}
