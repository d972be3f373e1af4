/**
 * Express alone, or with the agent that `PEER` names. CommonJS, as the agents' guides show it: the agent is
 * loaded first and patches what is loaded after it.
 */
const { PEER } = process.env;
const { beforeRoutes, afterRoutes } = PEER ? require(`./agents/${PEER}.cjs`) : {};
require('node:http');
const express = require('express');
const { homeFeed, responseHeaders } = require('../cost/home-feed.ts');
const { serveUntilStopped } = require('../serve.ts');

const app = express();
app.disable('x-powered-by').disable('etag');
beforeRoutes?.(app);
app.get('/api/activities/home', (_request, response) => {
  response.set(responseHeaders).json(homeFeed);
});
afterRoutes?.(app);
serveUntilStopped(app, async () => {});
