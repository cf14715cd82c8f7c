// A merchant's web server: takes notices and answers each as the test says. The handler gets what
// a web framework would give it and uses nothing but the SDK's functions.
import { createServer } from 'node:http';
import { once } from 'node:events';

import { signatureOf } from './shop.mjs';

const CLOCK_WINDOW_S = 300;

// `replies`: status per try at a notice, or {status, location}; the last one goes on.
// Gives {url, next(), tries, close}: `next` waits for the next try and gives
// {notice, genuine, resource, reply, headers, path, at}.
export async function startReceiver(sdk, replies = [204]) {
  const tries = [];
  const waiting = [];
  const taken = [];
  const server = createServer(async (request, response) => {
    const reply = normal(replies[Math.min(tries.length, replies.length - 1)]);
    const one = { at: Date.now(), path: request.url, method: request.method,
      headers: request.headers, reply: reply.status };
    tries.push(one);
    Object.assign(one, await understood(sdk, request));
    response.writeHead(reply.status, reply.location ? { Location: reply.location } : {});
    response.end(reply.status < 300 ? undefined : '{"code":"FAIL","message":"失败"}');
    const waiter = waiting.shift();
    if (waiter) waiter(one);
    else taken.push(one);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/notify`,
    tries,
    next: () => (taken.length > 0 ? taken.shift() : new Promise((done) => { waiting.push(done); })),
    close: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

const normal = (reply) => (typeof reply === 'number' ? { status: reply } : reply);

async function understood(sdk, request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  try {
    const offset = Math.abs(Date.now() / 1000 - Number(request.headers['wechatpay-timestamp']));
    const genuine = offset <= CLOCK_WINDOW_S
      && await sdk.verify(signatureOf(request.headers, body));
    const notice = JSON.parse(body);
    return { genuine, notice, resource: sdk.decrypt(notice.resource) };
  } catch (error) {
    return { genuine: false, error };
  }
}
