import { httpUrl, integer, secret, text } from './values.ts';

export const ROLLBAR_VARIABLES = {
  ROLLBAR_ACCESS_TOKEN: secret
    .optional()
    .describe('Turns Rollbar on: a project access token with the scope `post_server_item`.'),
  ROLLBAR_ENVIRONMENT: text.default('production').describe('Environment shown in Rollbar.'),
  ROLLBAR_ITEMS_PER_MINUTE: integer(1, 10_000)
    .default(60)
    .describe(
      'Maximum number of reports per minute. Further faults are folded into one report of their kind, with ' +
        'a count.',
    ),
  ROLLBAR_ENDPOINT: httpUrl
    .optional()
    .describe('Complete URL of the item API. Default: `https://api.rollbar.com/api/1/item/`.'),
};
