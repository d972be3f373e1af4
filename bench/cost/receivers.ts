import { ruleOfTemplate, startReceiver } from './start-receiver.ts';

export interface ReceiversReady {
  /** Variables of receivers whose X-Ray samples by the rule of `aws/json/xray.json`. */
  readonly ruleSampling: Record<string, string>;
  /** Variables of receivers whose X-Ray samples every request. */
  readonly fullSampling: Record<string, string>;
}

process.on('message', () => process.exit(0));
process.send?.({
  ruleSampling: (await startReceiver(ruleOfTemplate)).env,
  fullSampling: (await startReceiver({ ...ruleOfTemplate, FixedRate: 1 })).env,
} satisfies ReceiversReady);
