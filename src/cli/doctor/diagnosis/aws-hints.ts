import type { Hints } from '../interpret.ts';

/** Replaced by the difference, once all clocks are compared. */
export const SEE_CLOCK = '(see the line clock)';

/** Returns hints about credentials of AWS. `profile` is that of `AWS_PROFILE`. */
export function awsHints(profile: string | undefined): Hints {
  const option = profile === undefined ? '' : ` --profile ${profile}`;
  const correctProfile =
    profile === undefined ? '' : `; AWS_PROFILE is set: check the profile ${profile} in ~/.aws/config`;
  return [
    [/SSO session/, `sign in again: aws sso login${option}`],
    [
      /no AWS credentials/,
      `set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or run with a role${correctProfile}`,
    ],
    [
      /Region is missing/,
      profile === undefined
        ? 'set AWS_REGION'
        : `set AWS_REGION, or a region for the profile ${profile} in ~/.aws/config, which must be readable`,
    ],
    [/ERR_SYSTEM_ERROR/, 'this user has no home directory: set HOME, to any directory'],
    [/RequestTimeTooSkewed|RequestExpired/, `this machine's clock is wrong: correct it ${SEE_CLOCK}`],
    [/ExpiredToken/, 'the credentials have expired: get new ones, and set AWS_SESSION_TOKEN with them'],
  ];
}
