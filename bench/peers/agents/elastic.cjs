/** elastic-apm-node with its defaults: every transaction, and metrics every 30 s. */
require('elastic-apm-node').start();
