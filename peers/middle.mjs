// A man in the middle: passes requests on to the merchant door, keeps each answer as it came over
// the wire, and may alter it. The SDKs are pointed at it, so that a test sees the headers that an
// SDK hides and can ask what an SDK makes of an answer that is not ours.
import { createServer, request } from 'node:http';
import { once } from 'node:events';

export async function startMiddle(target) {
  const kept = [];
  let alter = (answer) => answer;
  const server = createServer((incoming, outgoing) => {
    pass(target, incoming).then((exchange) => {
      kept.push(exchange);
      const { status, rawHeaders, body } = alter(exchange.answer);
      outgoing.writeHead(status, withLength(rawHeaders, Buffer.byteLength(body)));
      outgoing.end(body);
    }).catch((error) => outgoing.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    last: () => kept.at(-1),
    // Every answer from now on goes through `change`; without one, as it is.
    alterWith: (change = (answer) => answer) => { alter = change; },
    close: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

const withLength = (rawHeaders, length) => rawHeaders.map(
  (text, i) => (/^content-length$/i.test(rawHeaders[i - 1]) ? `${length}` : text));

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function pass(target, incoming) {
  const body = await read(incoming);
  const { hostname, port, host } = new URL(target);
  const headers = [...incoming.rawHeaders];
  for (let i = 0; i < headers.length; i += 2) if (/^host$/i.test(headers[i])) headers[i + 1] = host;
  const asked = request({
    hostname, port, method: incoming.method, path: incoming.url, headers, agent: false,
  });
  asked.end(body);
  const [answer] = await once(asked, 'response');
  return {
    request: { method: incoming.method, target: incoming.url, headers: incoming.headers, body },
    answer: {
      status: answer.statusCode,
      rawHeaders: answer.rawHeaders,
      headers: answer.headers,
      body: await read(answer),
    },
  };
}
