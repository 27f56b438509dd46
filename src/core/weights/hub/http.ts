/** HTTP as the hub needs it: proxies of the environment, short time-outs, redirects followed one by one. */
import type { Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Environment } from '../pip';

/** How long to wait, ms. A hub that cannot be reached must fail in a few seconds, not in minutes. */
export interface HttpLimits {
  readonly connect: number;
  /** To the first byte of the answer. */
  readonly headers: number;
  /** Between two pieces of the answer. */
  readonly body: number;
}

export const defaultLimits: HttpLimits = { connect: 5_000, headers: 15_000, body: 30_000 };

/** Redirects that are followed before it is called a loop. */
const maxRedirects = 8;

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Dispatcher.ResponseData['body'];
}

/** A client that holds connections; close it. undici is loaded at the first request: few commands make one. */
export class HttpClient {
  private readonly options: EnvHttpProxyAgent.Options;
  private agent: EnvHttpProxyAgent | undefined;

  constructor(env: Environment, limits: HttpLimits) {
    const value = (name: string) => env[name.toLowerCase()] ?? env[name] ?? '';
    const all = value('ALL_PROXY');
    const proxy = (name: string) => (value(name) === '' ? all : value(name));
    this.options = {
      // Given in full, empty or not: else undici reads the process's own variables.
      httpProxy: httpOnly(proxy('HTTP_PROXY')),
      httpsProxy: httpOnly(proxy('HTTPS_PROXY')),
      noProxy: value('NO_PROXY'),
      connect: { timeout: limits.connect },
      headersTimeout: limits.headers,
      bodyTimeout: limits.body,
    };
  }

  /** One exchange without following redirects. The caller reads or dumps the body. */
  async exchange({ method, url, headers, signal }: HttpRequest): Promise<HttpAnswer> {
    const { EnvHttpProxyAgent: Agent, request } = await import('undici');
    this.agent ??= new Agent(this.options);
    const answer = await request(url, {
      method,
      dispatcher: this.agent,
      headers: { 'user-agent': 'overread', 'accept-encoding': 'identity', ...headers },
      ...(signal ? { signal } : {}),
    });
    return { url, status: answer.statusCode, headers: flatten(answer.headers), body: answer.body };
  }

  /**
   * Follows redirects. `authorization` is sent to the first origin only: storage behind the hub has links
   * that carry their own permission, and must not see the user's token.
   */
  async follow(first: HttpRequest): Promise<HttpAnswer> {
    let current = first;
    for (let count = 0; count <= maxRedirects; count++) {
      const answer = await this.exchange(current);
      const location = answer.headers['location'];
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
      await answer.body.dump();
      const url = new URL(location, current.url);
      const { authorization: _, ...open } = current.headers ?? {};
      const sameOrigin = url.origin === new URL(first.url).origin;
      current = { ...current, url: url.href, headers: sameOrigin ? (current.headers ?? {}) : open };
    }
    throw new Error(`more than ${maxRedirects} redirects`);
  }

  async close(): Promise<void> {
    await this.agent?.destroy();
  }
}

/** SOCKS is not spoken here; such a proxy is left to the sources that speak it. */
function httpOnly(proxy: string): string {
  return /^https?:\/\//i.test(proxy) ? proxy : proxy === '' || proxy.includes('://') ? '' : `http://${proxy}`;
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** Why a request failed, in a clause for people. */
export function httpFailure(error: unknown, limits: HttpLimits): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `no connection within ${limits.connect / 1000} s`;
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `no answer within ${limits.headers / 1000} s`;
    case 'UND_ERR_BODY_TIMEOUT':
      return `the download stood still for ${limits.body / 1000} s`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name cannot be resolved';
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'the connection was cut';
    default: {
      const message = error instanceof Error ? error.message : String(error);
      return (message === '' ? code : message).slice(0, 200);
    }
  }
}
