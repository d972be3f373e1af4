interface XrayApi {
  readonly endpoint?: string;
  readonly region?: string;
}

/** A program that takes segments in over UDP, and speaks for the SDK with X-Ray's API over TCP. */
export interface XrayProgram {
  /** What its configuration file holds, when it is to listen at `address`. JSON is YAML. */
  configuration(address: string, xray: XrayApi): unknown;
  arguments(file: string, address: string): readonly string[];
}

export const DAEMON: XrayProgram = {
  configuration: (_address, { endpoint, region }) => ({ Version: 2, Endpoint: endpoint, Region: region }),
  arguments: (file, address) => ['-o', '-c', file, '-b', address, '-t', address],
};

/** Does one thing after another: while X-Ray's API does not answer, what comes in is lost once a short queue is full. */
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
