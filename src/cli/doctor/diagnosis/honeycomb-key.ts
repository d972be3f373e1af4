import type { Config } from '../../../config/config.ts';

/** Keys of Honeycomb Classic, for configuration and for ingest. */
const CLASSIC = /^(?:[0-9a-f]{32}|hc[a-z]ic_[0-9a-z]{58})$/;
/** A configuration key; without a prefix. */
const CONFIGURATION = /^[0-9a-zA-Z]{22}$/;
/** A management key, or the id of one. */
const MANAGEMENT = /^hc[a-z]mk_/;

/** Says what is wrong with the kind of the key; undefined for an ingest key and for other back ends. */
export function judgeHoneycombKey({
  headers,
}: Pick<NonNullable<Config['otlp']>, 'headers'>): string | undefined {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const key = byName.get('x-honeycomb-team');
  if (key === undefined) return undefined;
  if (CLASSIC.test(key)) {
    return byName.has('x-honeycomb-dataset')
      ? undefined
      : 'this is a key of Honeycomb Classic, which needs a dataset: add ,x-honeycomb-dataset=<name> to ' +
          'OTEL_EXPORTER_OTLP_HEADERS';
  }
  if (MANAGEMENT.test(key)) return 'this is a management key: use an ingest key, which begins with hcaik_';
  if (CONFIGURATION.test(key)) {
    return 'this looks like a configuration key: use an ingest key, which begins with hcaik_, or permit it Send Events';
  }
  return undefined;
}

/** Says where a key of the other region belongs. */
export function otherRegion(tracesUrl: string): string {
  return /\beu1\./.test(tracesUrl)
    ? 'a key of the US region needs OTEL_EXPORTER_OTLP_ENDPOINT=https://api.honeycomb.io/'
    : 'a key of the EU region needs OTEL_EXPORTER_OTLP_ENDPOINT=https://api.eu1.honeycomb.io/';
}
