import { withHoneycombApi } from './honeycomb/with-honeycomb-api.ts';
import { readFlags } from './read-flags.ts';

const flags = readFlags({
  message: { type: 'string' },
  url: { type: 'string' },
  type: { type: 'string', default: 'deploy' },
  'dry-run': { type: 'boolean', default: false },
});

await withHoneycombApi({ dryRun: flags['dry-run'] }, async (api, { dataset, service }) => {
  const message = flags.message ?? `${service.name} ${service.version}`;
  const marker = {
    start_time: Math.floor(Date.now() / 1000),
    message,
    type: flags.type,
    ...(flags.url && { url: flags.url }),
  };
  await api.send('POST', `/1/markers/${dataset}`, marker);
  return `${dataset} has a marker of type ${flags.type}: ${message}`;
});
