/** Returns a URL's path: everything before its query or its fragment. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

/** Returns a request target so that it can follow the authority of a URL, without becoming a part of it. */
export function asPath(target: string): string {
  return target.startsWith('/') ? target : `/${target}`;
}
