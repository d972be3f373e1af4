import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, type Peer, run } from './peer.ts';

const VERSION = '0.155.0';
const STABLE = '1.61.0';

const BUILD = {
  dist: { name: 'otelcol', output_path: '.', version: VERSION },
  receivers: [{ gomod: `go.opentelemetry.io/collector/receiver/otlpreceiver v${VERSION}` }],
  exporters: [{ gomod: `go.opentelemetry.io/collector/exporter/otlphttpexporter v${VERSION}` }],
  // The Collector does not start without the first.
  providers: ['env', 'yaml'].map((name) => ({
    gomod: `go.opentelemetry.io/collector/confmap/provider/${name}provider v${STABLE}`,
  })),
};

/** Builds an OpenTelemetry Collector with the project's own builder. Needs Go. */
export async function installCollector(): Promise<Peer> {
  const folder = await cached(`otelcol-${VERSION}`, async (cwd) => {
    await writeFile(join(cwd, 'builder.yaml'), JSON.stringify(BUILD));
    const builder = `go.opentelemetry.io/collector/cmd/builder@v${VERSION}`;
    await run('go', ['run', builder, '--config', 'builder.yaml'], { cwd, env: { CGO_ENABLED: '0' } });
  });
  return { version: VERSION, path: join(folder, 'otelcol') };
}
