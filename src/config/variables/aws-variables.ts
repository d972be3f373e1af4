import { z } from 'zod';
import { awsRegion } from './aws-region.ts';
import { daemonAddress } from './network-values.ts';
import { choice, httpUrl, integer, secret, text } from './values.ts';

/** The values that CloudWatch Logs accepts (PutRetentionPolicy). */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** AWS X-Ray, CloudWatch Logs, and what the AWS SDK needs for them. */
export const AWS_VARIABLES = {
  AWS_XRAY_DAEMON_ADDRESS: daemonAddress
    .optional()
    .describe(
      'Turns X-Ray on: the daemon as `host:port`, or as `udp:host:port tcp:host:port`; an IPv6 address in ' +
        'brackets, as in `[::1]:2000`.',
    ),
  AWS_XRAY_OTLP_ENDPOINT: httpUrl
    .optional()
    .describe(
      'Turns X-Ray on without the daemon: spans over OTLP to this complete URL, ' +
        '`https://xray.<region>.amazonaws.com/v1/traces` (signed) or a Collector. Excludes the ' +
        'daemon’s address.',
    ),
  AWS_XRAY_URL: text
    .optional()
    .describe(
      'Pattern such as `*4567-name.host*`: a `Host` header that matches is the annotation ' +
        '`dynamic_name` of the segment. Default: the workspace’s host in Gitpod and Codespaces.',
    ),
  CLOUDWATCH_LOG_GROUP: z
    .string()
    .regex(/^[\w./#-]{1,512}$/, 'must consist of letters, digits and . - _ / # only')
    .refine((name) => !name.startsWith('aws/'), 'must not begin with aws/, which AWS reserves')
    .optional()
    .describe('Turns CloudWatch Logs on: the log group, created when it does not exist.'),
  CLOUDWATCH_LOG_STREAM: z
    .string()
    .regex(/^[^:*]{1,512}$/, 'must not contain : or *')
    .optional()
    .describe('The log stream, created when it does not exist. Default: `<service name>/<host name>`.'),
  CLOUDWATCH_LOG_RETENTION_DAYS: integer(1, 3653)
    .refine((days) => RETENTION_DAYS.includes(days), `must be one of ${RETENTION_DAYS.join(', ')}`)
    .optional()
    .describe('Days until AWS deletes a log line. Unset: lines are kept, and billed, forever.'),
  CLOUDWATCH_METRICS: choice(['stdout'], 'must be stdout, or unset')
    .optional()
    .describe(
      '`stdout` writes the counts of requests and faults to standard output, for a log driver that sends ' +
        'it to CloudWatch Logs. Default: to the log group, when it is set.',
    ),
  AWS_REGION: awsRegion
    .optional()
    .describe('Region of CloudWatch Logs. Required with a log group, unless one of the next two is set.'),
  AWS_DEFAULT_REGION: awsRegion.optional().describe('Region where `AWS_REGION` is unset.'),
  AWS_PROFILE: text.optional().describe('Profile in `~/.aws` with region and credentials.'),
  AWS_ACCESS_KEY_ID: secret
    .optional()
    .describe(
      'Credentials, with `AWS_SECRET_ACCESS_KEY`. The AWS SDK also finds them in `~/.aws` or a role.',
    ),
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: httpUrl.optional().describe('Another endpoint for CloudWatch Logs.'),
  AWS_ENDPOINT_URL: httpUrl.optional().describe('Another endpoint for all of AWS.'),
};
