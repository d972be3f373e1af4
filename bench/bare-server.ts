import express from 'express';
import { answerHeaders, homeFeed } from './home-feed.ts';
import { serveUntilTold } from './serve.ts';

/** The yardstick: Express alone, sending the same bytes. */
const app = express();
app.disable('x-powered-by').disable('etag');
app.get('/api/activities/home', (_request, response) => {
  response.set(answerHeaders).json(homeFeed);
});
serveUntilTold(app, async () => {});
