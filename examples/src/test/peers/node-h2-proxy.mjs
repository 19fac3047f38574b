// A MASQUE proxy on Node's http2, to test against: CONNECT (RFC 9113, 8.5) and CONNECT-UDP (RFC 9298) as extended CONNECT.
//
//   node node-h2-proxy.mjs --cert FILE --key FILE [--psk KEY] [--listen HOST:PORT] [--max-tunnels N]
//
// Prints "ready PORT". With --max-tunnels it says GOAWAY on a connection after that many requests.
import dgram from 'node:dgram';
import fs from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import { parseArgs } from 'node:util';
import { capsuleParser, datagramCapsule, unknownCapsule } from './capsules.mjs';

const { values } = parseArgs({
  options: {
    cert: { type: 'string' },
    key: { type: 'string' },
    psk: { type: 'string' },
    listen: { type: 'string', default: '127.0.0.1:0' },
    'max-tunnels': { type: 'string', default: '0' },
  },
});
const maxTunnels = Number(values['max-tunnels']);

function refuse(stream, status, error) {
  stream.respond({ ':status': status, 'proxy-status': `node; error=${error}` }, { endStream: true });
}

/** Splits "host:port" or "[v6]:port". */
function split(authority) {
  const end = authority.lastIndexOf(':');
  return [authority.slice(0, end).replace(/^\[|\]$/g, ''), Number(authority.slice(end + 1))];
}

function tcp(stream, authority) {
  const [host, port] = split(authority);
  const socket = net.connect({ host, port, allowHalfOpen: true });
  let connected = false;
  socket.on('connect', () => {
    connected = true;
    stream.respond({ ':status': 200 });
    socket.pipe(stream);
    stream.pipe(socket);
  });
  socket.on('error', () => {
    if (connected) stream.close(http2.constants.NGHTTP2_CONNECT_ERROR);
    else refuse(stream, 502, 'connection_refused');
  });
  stream.on('aborted', () => socket.resetAndDestroy());
}

function udp(stream, path) {
  const match = /^\/\.well-known\/masque\/udp\/([^/]+)\/(\d+)\/$/.exec(path);
  if (!match) return stream.respond({ ':status': 400 }, { endStream: true });
  const host = decodeURIComponent(match[1]);
  const socket = dgram.createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1 << 20 });
  socket.on('error', () => {
    if (stream.headersSent) stream.end();
    else refuse(stream, 502, 'connection_refused');
  });
  stream.on('close', () => socket.close());
  socket.connect(Number(match[2]), host, () => {
    stream.respond({ ':status': 200, 'capsule-protocol': '?1' });
    stream.write(unknownCapsule(500)); // to be skipped by every client
    socket.on('message', (message) => stream.write(datagramCapsule(message)));
    stream.on('data', capsuleParser((payload) => socket.send(payload)));
    stream.on('end', () => stream.end());
  });
}

const server = http2.createSecureServer({
  cert: fs.readFileSync(values.cert),
  key: fs.readFileSync(values.key),
  settings: { enableConnectProtocol: true, initialWindowSize: 1 << 20 },
});
server.on('session', (session) => {
  let tunnels = 0;
  session.on('error', () => {});
  session.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    if (maxTunnels > 0 && ++tunnels === maxTunnels) session.close(); // GOAWAY
    if (headers[':method'] !== 'CONNECT') {
      stream.respond({ ':status': 200 });
      stream.end('this is a proxy\n');
    } else if (values.psk && headers['proxy-authorization'] !== `Preshared ${values.psk}`) {
      refuse(stream, 403, 'http_request_denied');
    } else if (headers[':protocol'] === 'connect-udp') {
      udp(stream, headers[':path']);
    } else {
      tcp(stream, headers[':authority']);
    }
  });
});
const [host, port] = split(values.listen);
server.listen(port, host, () => console.log('ready', server.address().port));
