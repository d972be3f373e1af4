import { ruleOfTemplate } from '../../cost/start-receiver.ts';
import { type Arrived, type PeerReceiver, startPeerReceiver } from './peer-receiver.ts';

export type ReceiverOrder =
  /** Starts a receiver whose X-Ray samples this share of the requests. Answers with its port. */
  | { readonly command: 'start'; readonly sampledShare: number }
  /** Answers with what arrived at each receiver since the last order, in the order of their start. */
  | { readonly command: 'take'; readonly countsItems: boolean }
  | { readonly command: 'stop' };

const receivers: PeerReceiver[] = [];

// A separate process, so that its CPU time is not counted.
process.on('message', async (order: ReceiverOrder) => {
  if (order.command === 'stop') process.exit(0);
  if (order.command === 'take') {
    process.send?.(receivers.map((receiver) => receiver.take(order.countsItems)) satisfies Arrived[]);
    return;
  }
  const receiver = await startPeerReceiver({ ...ruleOfTemplate, FixedRate: order.sampledShare });
  receivers.push(receiver);
  process.send?.(receiver.port);
});
// Nothing else keeps this process alive before the first receiver.
process.channel?.ref();
process.send?.({});
