import Rollbar from 'rollbar';

const rollbar = new Rollbar({
  accessToken: 'token',
  environment: 'test',
  endpoint: process.env.ROLLBAR_ENDPOINT ?? '',
  captureUncaught: false,
});
rollbar.error(new Error('boom'), { trace_id: '58406520a006649127e371903a2de979' });
rollbar.warning('Hello World!');
await new Promise<void>((resolve) => rollbar.wait(resolve));
