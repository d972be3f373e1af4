/** Preloaded in the containers of docker-compose.yml, ahead of all that reads the environment. */
import { composeVariables } from './compose-variables.ts';

Object.assign(process.env, composeVariables(process.env));
