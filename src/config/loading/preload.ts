/** Preloaded with `--import` into the console, which is a package of its own: it then reads `.env` alike. */
import { loadEnvironment } from './load-environment.ts';

loadEnvironment();
