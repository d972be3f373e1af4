import { z } from 'zod';

/** The headers of every response, except those of the probes. */
export const commonHeaders = z.object({
  traceresponse: z
    .string()
    .optional()
    .meta({
      header: { id: 'traceresponse' },
      description: 'W3C: version, trace id, span id, flags',
      example: '00-6921789e5bd2c8f0a1b2c3d4e5f60718-00f067aa0ba902b7-01',
    }),
  'X-Amzn-Trace-Id': z
    .string()
    .optional()
    .meta({
      header: { id: 'X-Amzn-Trace-Id' },
      description: "The same trace id in X-Ray's format",
      example: 'Root=1-6921789e-5bd2c8f0a1b2c3d4e5f60718',
    }),
  RateLimit: z
    .string()
    .optional()
    .meta({
      header: { id: 'RateLimit' },
      description:
        'The budget that the request counts against: requests left, and seconds until it is whole again. ' +
        'Absent if the budget has no limit, or if its store fails',
      example: '"reads"; r=999; t=10',
    }),
  'RateLimit-Policy': z
    .string()
    .optional()
    .meta({
      header: { id: 'RateLimit-Policy' },
      description: 'The whole budget: requests per window, seconds in a window, and a key of the client',
      example: '"reads"; q=1000; w=10; pk=:NDJlYWZkZWYyZjJh:',
    }),
});

/** The headers of a page of a list. */
export const pagedHeaders = commonHeaders.extend({
  Link: z
    .string()
    .optional()
    .meta({
      header: { id: 'Link' },
      description:
        'The next page, relative to the URL of the request. Absent on the last page, and if it would be longer ' +
        'than 2 kB because `term` is long',
      example: '<?limit=20&before=AZqqS9QYaPEmsBzrSjOIvtkPpxCe7g>; rel="next"',
    }),
});

/** The headers of a 429. */
export const throttledHeaders = commonHeaders.extend({
  'Retry-After': z.string().meta({
    header: { id: 'Retry-After' },
    description: 'Seconds until the budget is whole again',
    example: '10',
  }),
});
