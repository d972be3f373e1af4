import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';

const client = new CloudWatchLogs();
const logGroupName = 'orders';
const logStreamName = 'javascript-service/host';
await client.createLogGroup({ logGroupName });
await client.putRetentionPolicy({ logGroupName, retentionInDays: 7 });
await client.createLogStream({ logGroupName, logStreamName });
const logEvents = ['loading orders', 'GET /orders 500'].map((message) => ({
  timestamp: Date.now(),
  message: JSON.stringify({ level: 'info', message, trace_id: '58406520a006649127e371903a2de979' }),
}));
await client.putLogEvents({ logGroupName, logStreamName, logEvents });
await client.filterLogEvents({ logGroupName, filterPattern: '{ $.message = "GET*" }' });
