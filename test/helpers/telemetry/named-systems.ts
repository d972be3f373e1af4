/** All four systems by names that a test must keep from being answered. */
export const NAMED_SYSTEMS = {
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.cruddur.test:4318',
  AWS_XRAY_DAEMON_ADDRESS: 'xray-daemon.cruddur.test:2000',
  CLOUDWATCH_LOG_GROUP: 'cruddur',
  AWS_REGION: 'us-east-2',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'http://logs.cruddur.test:4568',
  ROLLBAR_ACCESS_TOKEN: 'local',
  ROLLBAR_ENDPOINT: 'http://rollbar.cruddur.test:4568/api/1/item/',
};
