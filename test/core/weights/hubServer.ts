/** A local server that speaks the hub's protocol, and misbehaves as told. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const commit = '0123456789abcdef0123456789abcdef01234567';

export interface HubBehaviour {
  /** Cut each download after so many bytes; undefined: never. */
  cutAfter?: number;
  /** Answer with this status at the resolve address. */
  status?: number;
  /** Send other bytes than the announced hash is of. */
  corrupt?: boolean;
  /** Ignore Range and send everything. */
  ignoreRange?: boolean;
  /** Answer a range with 206 of another place. */
  wrongRange?: boolean;
  /** Never answer. */
  silent?: boolean;
  /** Send a first piece and then nothing. */
  stall?: boolean;
  /** Send in pieces with pauses, ms. */
  slow?: number;
  /** A plain mirror: no commit, no linked etag, no redirect. */
  plain?: boolean;
  /** Redirect from address to address without end. */
  loop?: boolean;
  /** Send the storage's visitors on, without end. */
  storageLoop?: boolean;
  /** Rename of the repository: one relative redirect before all else. */
  renamed?: boolean;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** Two servers: the hub, and the storage that it redirects to. */
export class HubServer {
  behaviour: HubBehaviour = {};
  readonly seen: Seen[] = [];
  readonly sha256: string;
  private readonly hub = createServer((request, response) => this.onHub(request, response));
  private readonly storage = createServer((request, response) => this.onStorage(request, response));

  private constructor(private readonly content: Uint8Array) {
    this.sha256 = createHash('sha256').update(content).digest('hex');
  }

  static async start(content: Uint8Array): Promise<HubServer> {
    const server = new HubServer(content);
    for (const part of [server.hub, server.storage]) {
      await new Promise<void>((resolve) => part.listen(0, '127.0.0.1', resolve));
    }
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.hub.address() as AddressInfo).port}`;
  }

  /** What reached the storage. */
  get downloads(): readonly Seen[] {
    return this.seen.filter(({ path }) => path.startsWith('/storage/'));
  }

  async stop(): Promise<void> {
    for (const part of [this.hub, this.storage]) {
      part.closeAllConnections();
      await new Promise((resolve) => part.close(resolve));
    }
  }

  private note(request: IncomingMessage): void {
    const { range, authorization } = request.headers;
    this.seen.push({ method: request.method ?? '', path: request.url ?? '', range, authorization });
  }

  private onHub(request: IncomingMessage, response: ServerResponse): void {
    this.note(request);
    const { behaviour } = this;
    if (behaviour.silent === true) return;
    if (behaviour.status !== undefined) {
      response.writeHead(behaviour.status).end();
      return;
    }
    if (behaviour.loop === true) {
      response.writeHead(307, { location: `${request.url!}x` }).end();
      return;
    }
    if (behaviour.plain === true) {
      this.send(request, response);
      return;
    }
    if (behaviour.renamed === true && !request.url!.startsWith('/renamed/')) {
      response.writeHead(307, { location: `/renamed${request.url!}` }).end();
      return;
    }
    const { port } = this.storage.address() as AddressInfo;
    response.writeHead(302, {
      location: `http://127.0.0.1:${port}/storage/blob`,
      'x-repo-commit': commit,
      'x-linked-etag': `"${this.sha256}"`,
      'x-linked-size': this.content.byteLength,
    });
    response.end();
  }

  private onStorage(request: IncomingMessage, response: ServerResponse): void {
    this.note(request);
    if (this.behaviour.storageLoop === true) response.writeHead(302, { location: request.url! }).end();
    else this.send(request, response);
  }

  private send(request: IncomingMessage, response: ServerResponse): void {
    const { behaviour } = this;
    const { buffer, byteOffset, byteLength } = this.content;
    // The bytes themselves, which are many; a copy only to corrupt it.
    const sound = Buffer.from(buffer, byteOffset, byteLength);
    const content = behaviour.corrupt === true ? Buffer.from(sound) : sound;
    if (behaviour.corrupt === true) content[content.length - 1]! ^= 1;
    const asked = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const from = behaviour.ignoreRange === true ? 0 : asked;
    if (from > 0) {
      const start = behaviour.wrongRange === true ? from - 1 : from;
      response.setHeader('content-range', `bytes ${start}-${content.length - 1}/${content.length}`);
    }
    const body = content.subarray(from);
    response.setHeader('content-length', body.length);
    response.writeHead(from > 0 ? 206 : 200);
    if (request.method === 'HEAD') response.end();
    else void this.sendBody(response, body);
  }

  private async sendBody(response: ServerResponse, body: Buffer): Promise<void> {
    const { cutAfter, stall, slow } = this.behaviour;
    if (stall === true) {
      response.write(body.subarray(0, 10));
    } else if (cutAfter !== undefined && cutAfter < body.length) {
      response.write(body.subarray(0, cutAfter), () => response.destroy());
    } else if (slow !== undefined) {
      const size = Math.ceil(body.length / 10);
      for (let at = 0; at < body.length; at += size) {
        response.write(body.subarray(at, at + size));
        await new Promise((resolve) => setTimeout(resolve, slow));
      }
      response.end();
    } else {
      response.end(body);
    }
  }
}
