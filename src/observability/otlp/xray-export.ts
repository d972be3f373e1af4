import type { Config } from '../../config/config.ts';
import { createSpanExport } from './export.ts';

/** Creates what sends spans to X-Ray's own OTLP endpoint, signed, or to a Collector, unsigned. */
export async function createXRayExport(config: NonNullable<Config['xrayOtlp']>) {
  const { tracesUrl: url, region, timeoutMs } = config;
  return createSpanExport({
    ...config,
    ...(region && { sign: await loadSigner({ url, region, service: 'xray', timeoutMs }) }),
    variables: {
      credentials: region ? 'the AWS credentials are' : 'whoever sends to AWS_XRAY_OTLP_ENDPOINT is',
      address: 'AWS_XRAY_OTLP_ENDPOINT',
    },
  });
}

/** AWS's libraries are loaded only where they are needed. */
async function loadSigner(options: Parameters<typeof import('./aws-signature.ts').createAwsSigner>[0]) {
  const { createAwsSigner } = await import('./aws-signature.ts');
  return createAwsSigner(options);
}
