/** A request that never reaches the app, because Node cannot parse it or does not wait for the rest of it. */
export interface Refusal {
  readonly status: number;
  readonly detail: string;
}

const MALFORMED: Refusal = { status: 400, detail: 'The request is not well-formed HTTP/1.1.' };

const BY_CODE: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The headers of the request are longer than 16 kB.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'The chunk extensions of the request are too long.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request did not arrive completely in time.' },
};

/** Returns how to answer an error of a connection; `undefined` when it is broken and takes no answer. */
export function refusalOf({ code = '' }: NodeJS.ErrnoException): Refusal | undefined {
  return BY_CODE[code] ?? (code.startsWith('HPE_') ? MALFORMED : undefined);
}
