/** Replaces this process by a Collector that is configured by the X-Ray daemon's file. */
import { readFileSync } from 'node:fs';
import { COLLECTOR } from '../../aws/xray-programs.ts';

const { Endpoint: endpoint, Region: region } = JSON.parse(readFileSync('/etc/amazon/xray/cfg.yaml', 'utf8'));
const configuration = COLLECTOR.configuration('0.0.0.0:2000', { endpoint, region });
process.execve?.('/usr/bin/otelcol', ['otelcol', '--config=env:CONFIGURATION'], {
  ...process.env,
  CONFIGURATION: JSON.stringify(configuration),
});
