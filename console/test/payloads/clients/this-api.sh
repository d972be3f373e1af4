# Starts the service as `npm start` does, with one request that succeeds and one report. Run it from the repository root.
export PORT=45671 DATA_DIR="$(mktemp -d)" OTEL_TRACES_SAMPLER=always_on
node_modules/.bin/node src/cli/start.ts &
service=$!
curl -s --retry 60 --retry-all-errors --retry-delay 1 "localhost:$PORT/readyz"
curl -s -o /dev/null "localhost:$PORT/api/activities/home"
curl -s "localhost:$PORT/rollbar/test"
kill -INT $service
wait $service
