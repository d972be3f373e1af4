import { LOCAL_CONSOLE } from './local-console.ts';
import { findWorkspace } from './workspace.ts';

type Variables = Readonly<Record<string, string>>;

/**
 * What docker-compose.yml cannot say by itself, because an address depends on whether a key is there: the variables that
 * the environment is to gain. A system with a key goes to its cloud, one with neither key nor address to the console.
 */
export function composeVariables(env: NodeJS.ProcessEnv): Variables {
  const missing = Object.entries({ ...honeycomb(env), ...aws(env), ...rollbar(env), ...workspace(env) });
  return {
    ...Object.fromEntries(missing.filter(([name]) => !env[name]?.trim())),
    CONSOLE_ALLOWED_HOSTS: allowedHosts(env),
  };
}

function honeycomb({ HONEYCOMB_API_KEY: key, ...env }: NodeJS.ProcessEnv): Variables {
  if (key) {
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://api.honeycomb.io/',
      OTEL_EXPORTER_OTLP_HEADERS: `x-honeycomb-team=${encodeURIComponent(key)}`,
    };
  }
  return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ? {} : pick('OTEL_EXPORTER_OTLP_ENDPOINT');
}

function aws(env: NodeJS.ProcessEnv): Variables {
  const group = pick('CLOUDWATCH_LOG_GROUP');
  if (!staysHere(env)) return group;
  return {
    ...group,
    ...(!env.AWS_DEFAULT_REGION && pick('AWS_REGION')),
    ...pick('AWS_ENDPOINT_URL_CLOUDWATCH_LOGS', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'),
  };
}

/** Whether what is meant for AWS goes to the console: no key and no address of its own says otherwise. */
export function staysHere(env: NodeJS.ProcessEnv): boolean {
  return !(env.AWS_ACCESS_KEY_ID || env.AWS_ENDPOINT_URL);
}

function rollbar(env: NodeJS.ProcessEnv): Variables {
  return env.ROLLBAR_ACCESS_TOKEN ? {} : pick('ROLLBAR_ACCESS_TOKEN', 'ROLLBAR_ENDPOINT');
}

function workspace(env: NodeJS.ProcessEnv): Variables {
  const found = findWorkspace(env);
  if (found === undefined) return {};
  return {
    FRONTEND_URL: `https://${found.hostOf(3000)}`,
    BACKEND_URL: `https://${found.hostOf(4567)}`,
    AWS_XRAY_URL: `*${found.hostOf(4567)}*`,
  };
}

function allowedHosts(env: NodeJS.ProcessEnv): string {
  return ['console', findWorkspace(env)?.hostOf(4568), env.CONSOLE_ALLOWED_HOSTS].filter(Boolean).join(',');
}

function pick(...names: string[]): Variables {
  return Object.fromEntries(names.map((name) => [name, LOCAL_CONSOLE[name] ?? '']));
}
