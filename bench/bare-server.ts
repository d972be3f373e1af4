import express from 'express';
import { homeFeed, responseHeaders } from './home-feed.ts';
import { serveUntilStopped } from './serve.ts';

/** The baseline: Express alone, sending the same response. */
const app = express();
app.disable('x-powered-by').disable('etag');
app.get('/api/activities/home', (_request, response) => {
  response.set(responseHeaders).json(homeFeed);
});
serveUntilStopped(app, async () => {});
