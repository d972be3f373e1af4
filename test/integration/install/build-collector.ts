import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, type RealService, run } from './real-service.ts';

/** The parts of a Collector: Go modules with their versions, such as `example.org/receiver v1.0.0`. */
interface CollectorBuild {
  readonly version: string;
  /** The version of the builder. Default: `version`. */
  readonly builder?: string;
  readonly receivers: readonly string[];
  readonly exporters: readonly string[];
  readonly providers: readonly string[];
}

/** Builds an OpenTelemetry Collector into the cache's folder `name`. Needs Go. */
export async function buildCollector(name: string, build: CollectorBuild): Promise<RealService> {
  const { version, builder = version } = build;
  const flags = builder === version ? [] : ['--skip-strict-versioning'];
  const modules = (list: readonly string[]) => list.map((gomod) => ({ gomod }));
  const manifest = {
    dist: { name: 'otelcol', output_path: '.', version },
    receivers: modules(build.receivers),
    exporters: modules(build.exporters),
    providers: modules(build.providers),
  };
  const folder = await cached(`${name}-${version}`, async (cwd) => {
    await writeFile(join(cwd, 'builder.yaml'), JSON.stringify(manifest));
    const program = `go.opentelemetry.io/collector/cmd/builder@v${builder}`;
    await run('go', ['run', program, '--config', 'builder.yaml', ...flags], {
      cwd,
      env: { CGO_ENABLED: '0' },
    });
  });
  return { version, path: join(folder, 'otelcol') };
}
