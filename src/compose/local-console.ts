const URL = 'http://console:4568';

/** What points at the console of docker-compose.yml; what AWS and Rollbar ask for beside an address is made up. */
export const LOCAL_CONSOLE: Readonly<Record<string, string>> = {
  OTEL_EXPORTER_OTLP_ENDPOINT: URL,
  CLOUDWATCH_LOG_GROUP: 'cruddur',
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: URL,
  AWS_REGION: 'ca-central-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  ROLLBAR_ACCESS_TOKEN: '0123456789abcdef0123456789abcdef',
  ROLLBAR_ENDPOINT: `${URL}/api/1/item/`,
};
