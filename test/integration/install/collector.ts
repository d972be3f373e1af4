import { buildCollector } from './build-collector.ts';
import type { RealService } from './real-service.ts';

const COLLECTOR = 'go.opentelemetry.io/collector';
const CONTRIB = 'github.com/open-telemetry/opentelemetry-collector-contrib';

/** Builds a Collector that receives and exports OTLP. */
export function installCollector(): Promise<RealService> {
  return buildCollector('otelcol', {
    version: '0.155.0',
    receivers: [`${COLLECTOR}/receiver/otlpreceiver v0.155.0`],
    exporters: [`${COLLECTOR}/exporter/otlphttpexporter v0.155.0`],
    // The Collector does not start without the provider `env`.
    providers: ['env', 'yaml'].map((name) => `${COLLECTOR}/confmap/provider/${name}provider v1.61.0`),
  });
}

/**
 * Builds a Collector that replaces the X-Ray daemon. The version is old because Go's module proxy or checksum
 * database lacked modules that later versions need.
 */
export function installXrayCollector(): Promise<RealService> {
  return buildCollector('otelcol-xray', {
    version: '0.109.0',
    builder: '0.110.0',
    receivers: [`${CONTRIB}/receiver/awsxrayreceiver v0.109.0`],
    exporters: [`${CONTRIB}/exporter/awsxrayexporter v0.109.0`],
    providers: ['env', 'file'].map((name) => `${COLLECTOR}/confmap/provider/${name}provider v1.15.0`),
  });
}
