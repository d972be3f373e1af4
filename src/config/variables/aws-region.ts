import { z } from 'zod';
import { closest } from '../../lib/closest.ts';

/**
 * The form of AWS's regions: an area, perhaps a partition or a country, a direction, a number. A list of
 * regions would refuse new ones; the directions have been the same since the first.
 */
const FORM = /^[a-z]{2,4}(?:-[a-z]{2,4})?-(?:north|south|east|west|central)(?:east|west)?-\d{1,2}$/;

/** For suggestions only; it need not be complete. */
const REGIONS = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'us-gov-east-1', 'us-gov-west-1'],
  ...['ca-central-1', 'ca-west-1', 'mx-central-1', 'sa-east-1', 'af-south-1', 'il-central-1'],
  ...['eu-central-1', 'eu-central-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1', 'eu-south-1'],
  ...['eu-south-2', 'me-central-1', 'me-south-1', 'ap-east-1', 'ap-east-2', 'ap-south-1', 'ap-south-2'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-southeast-1', 'ap-southeast-2'],
  ...['ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5', 'ap-southeast-7', 'cn-north-1', 'cn-northwest-1'],
];

/** What programs use that stand in for AWS, such as DynamoDB Local; the file of variables may be shared. */
const STAND_INS: readonly string[] = ['local', 'localhost', 'test'];

/** Tells whether a region is none of AWS's. */
export function isStandIn(region: string | undefined): boolean {
  return region !== undefined && STAND_INS.includes(region);
}

/** A region in which requests to AWS are signed. */
export const awsRegion = z.string().superRefine((text, ctx) => {
  if (FORM.test(text) || isStandIn(text)) return;
  if (FORM.test(text.replace(/[a-z]$/, ''))) {
    ctx.addIssue('must be a region without the letter of an availability zone');
    return;
  }
  const meant = closest(text.toLowerCase().replaceAll(/[\s_]/g, '-'), REGIONS, 2);
  ctx.addIssue(`must be a region such as us-east-1${meant ? `; ${meant} is probably meant` : ''}`);
});
