/** The four systems, each wired as its own tutorial shows. */
const { hostname } = require('node:os');
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { getNodeAutoInstrumentations } = require('@opentelemetry/auto-instrumentations-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');

new NodeSDK({
  traceExporter: new OTLPTraceExporter(),
  instrumentations: [getNodeAutoInstrumentations()],
}).start();

const xray = require('aws-xray-sdk');
const Rollbar = require('rollbar');
const winston = require('winston');
const CloudWatchTransport = require('winston-cloudwatch');

const rollbar = new Rollbar({
  accessToken: process.env.ROLLBAR_ACCESS_TOKEN,
  endpoint: process.env.ROLLBAR_ENDPOINT,
  captureUncaught: true,
  captureUnhandledRejections: true,
});
const logger = winston.createLogger({
  transports: [
    new winston.transports.Console(),
    new CloudWatchTransport({
      logGroupName: process.env.CLOUDWATCH_LOG_GROUP,
      // The stream that the receiver has; another would be created again and again.
      logStreamName: `backend-express/${hostname()}`,
    }),
  ],
});

exports.beforeRoutes = (app) => {
  app.use(xray.express.openSegment('backend-express'));
  app.use((request, response, next) => {
    response.on('finish', () => logger.info(`${request.method} ${request.path} ${response.statusCode}`));
    next();
  });
};
exports.afterRoutes = (app) => {
  app.use(xray.express.closeSegment());
  app.use(rollbar.errorHandler());
};
