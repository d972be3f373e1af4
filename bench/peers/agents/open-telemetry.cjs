/** OpenTelemetry's zero-code set-up with the exporters of the environment. */
require('@opentelemetry/auto-instrumentations-node/register');
