interface XrayApi {
  readonly endpoint?: string;
  readonly region?: string;
}

/** A program that receives segments over UDP and passes the SDK's calls on to X-Ray's API over TCP. */
export interface XrayProgram {
  /** Returns the content of its configuration file, as JSON, which is YAML. It listens at `address`. */
  configuration(address: string, xray: XrayApi): unknown;
  arguments(file: string, address: string): readonly string[];
}

export const DAEMON: XrayProgram = {
  configuration: (_address, { endpoint, region }) => ({ Version: 2, Endpoint: endpoint, Region: region }),
  arguments: (file, address) => ['-o', '-c', file, '-b', address, '-t', address],
};

/** Loses segments when its short queue is full, because it waits for X-Ray's API to answer. */
export const COLLECTOR: XrayProgram = {
  configuration(address, { endpoint, region }) {
    const proxy = { endpoint: address, aws_endpoint: endpoint, region, local_mode: true };
    return {
      receivers: { awsxray: { endpoint: address, proxy_server: proxy } },
      exporters: { awsxray: { endpoint, region, local_mode: true, request_timeout_seconds: 2 } },
      service: {
        telemetry: { metrics: { level: 'none' } },
        pipelines: { traces: { receivers: ['awsxray'], exporters: ['awsxray'] } },
      },
    };
  },
  arguments: (file) => [`--config=file:${file}`],
};
