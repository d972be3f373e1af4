import express from 'express';
import { serveUntilStopped } from '../serve.ts';
import { homeFeed, responseHeaders } from './home-feed.ts';

/** The baseline: Express alone, sending the same response. */
const app = express();
app.disable('x-powered-by').disable('etag');
app.get('/api/activities/home', (_request, response) => {
  response.set(responseHeaders).json(homeFeed);
});
serveUntilStopped(app, async () => {});
