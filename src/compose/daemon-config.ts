import { staysHere } from './compose-variables.ts';
import { LOCAL_CONSOLE } from './local-console.ts';

const { AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: CONSOLE, AWS_REGION: REGION } = LOCAL_CONSOLE;

/** The X-Ray daemon's `cfg.yaml`: it takes the address of X-Ray's API from nowhere else. JSON is YAML. */
export function daemonConfig(env: NodeJS.ProcessEnv): string {
  const endpoint = staysHere(env) ? CONSOLE : env.AWS_ENDPOINT_URL;
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || (staysHere(env) ? REGION : undefined);
  return `${JSON.stringify({ Version: 2, Region: region, Endpoint: endpoint })}\n`;
}
