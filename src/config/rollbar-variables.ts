import { z } from 'zod';
import { httpUrl, secret } from './values.ts';

export const ROLLBAR_VARIABLES = {
  ROLLBAR_ACCESS_TOKEN: secret
    .optional()
    .describe('Turns Rollbar on: a project access token with the scope `post_server_item`.'),
  ROLLBAR_ENVIRONMENT: z.string().default('production').describe('Environment shown in Rollbar.'),
  ROLLBAR_ENDPOINT: httpUrl
    .optional()
    .describe('Complete URL of the item API. Default: `https://api.rollbar.com/api/1/item/`.'),
};
