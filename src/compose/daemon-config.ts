import { variablesFor } from '../console/api/variables.ts';
import { staysHere } from './compose-variables.ts';

const { AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: CONSOLE, AWS_REGION: REGION } = variablesFor({
  host: 'console',
  httpPort: 4568,
  xrayPort: 2000,
});

/** The X-Ray daemon's `cfg.yaml`: it takes the address of X-Ray's API from nowhere else. JSON is YAML. */
export function daemonConfig(env: NodeJS.ProcessEnv): string {
  const endpoint = staysHere(env) ? CONSOLE : env.AWS_ENDPOINT_URL;
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || (staysHere(env) ? REGION : undefined);
  return `${JSON.stringify({ Version: 2, Region: region, Endpoint: endpoint })}\n`;
}
