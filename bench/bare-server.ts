import express from 'express';
import { homeFeed } from './home-feed.ts';
import { serveUntilTold } from './serve.ts';

/** The yardstick: Express alone, sending the same body. */
const app = express();
app.disable('x-powered-by').disable('etag');
app.get('/api/activities/home', (_request, response) => {
  response.json(homeFeed);
});
serveUntilTold(app, async () => {});
