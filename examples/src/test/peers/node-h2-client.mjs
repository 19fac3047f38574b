// A MASQUE client on Node's http2, to test against: CONNECT (RFC 9113, 8.5) and CONNECT-UDP (RFC 9298) as extended CONNECT.
//
//   node node-h2-client.mjs connect --proxy HOST:PORT --ca FILE [--psk KEY] TARGET
//   node node-h2-client.mjs udp --proxy HOST:PORT --ca FILE [--psk KEY] [--count N] [--size N] [--burst N] [--noise] TARGET
//   node node-h2-client.mjs many --proxy HOST:PORT --ca FILE [--psk KEY] [--count N] TARGET
//
// "many" opens that many TCP tunnels to an echo at once on one connection. --noise puts unknown capsules between the datagrams
// and cuts capsules in two. The response goes to standard error, "status 200" and then its header fields. Exits with 0 if all
// went well, with 3 if the proxy refused, with 1 otherwise.
import fs from 'node:fs';
import http2 from 'node:http2';
import { parseArgs } from 'node:util';
import { capsuleParser, datagramCapsule, payload, unknownCapsule } from './capsules.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    proxy: { type: 'string' },
    ca: { type: 'string' },
    psk: { type: 'string' },
    count: { type: 'string', default: '10' },
    size: { type: 'string', default: '100' },
    burst: { type: 'string', default: '1' },
    noise: { type: 'boolean', default: false },
  },
});
const [mode, target] = positionals;
const count = Number(values.count);

function fail(error) {
  console.error('error:', error.message);
  process.exit(1);
}

const session = http2.connect(`https://${values.proxy}`, { ca: fs.readFileSync(values.ca) });
session.on('error', fail);

function request(headers) {
  if (values.psk) headers['proxy-authorization'] = `Preshared ${values.psk}`;
  return session.request(headers, { endStream: false });
}

/** Resolves with the stream once the proxy said yes. */
function open(headers) {
  return new Promise((resolve, reject) => {
    const stream = request(headers);
    stream.on('error', reject);
    stream.on('response', (response) => {
      if (mode !== 'many') {
        console.error('status', response[':status']);
        for (const [name, value] of Object.entries(response)) {
          if (!name.startsWith(':')) console.error(`${name}: ${value}`);
        }
      }
      if (Math.floor(response[':status'] / 100) === 2) {
        resolve(stream);
      } else {
        console.error(`error: refused with ${response[':status']}`);
        stream.close();
        session.close(() => process.exit(3));
      }
    });
  });
}

function udpHeaders() {
  const end = target.lastIndexOf(':');
  const host = encodeURIComponent(target.slice(0, end).replace(/^\[|\]$/g, ''));
  return {
    ':method': 'CONNECT',
    ':protocol': 'connect-udp',
    ':scheme': 'https',
    ':authority': values.proxy,
    ':path': `/.well-known/masque/udp/${host}/${target.slice(end + 1)}/`,
    'capsule-protocol': '?1',
  };
}

async function connect() {
  const stream = await open({ ':method': 'CONNECT', ':authority': target });
  process.stdin.pipe(stream);
  stream.pipe(process.stdout, { end: false });
  await new Promise((resolve) => stream.on('close', resolve));
}

async function udp() {
  const size = Number(values.size);
  const burst = Number(values.burst);
  const stream = await open(udpHeaders());
  let echoed = 0;
  let disordered = 0;
  let last = -1;
  let wake = () => {};
  stream.on('data', capsuleParser((udpPayload) => {
    const number = size >= 4 && udpPayload.length >= 4 ? udpPayload.readUInt32BE() : last + 1;
    if (!udpPayload.equals(payload(number, size))) fail(new Error(`another datagram came back: ${udpPayload.length} bytes`));
    if (number < last) disordered++;
    last = number;
    echoed++;
    wake();
  }));
  for (let sent = 0; sent < count; sent += burst) {
    const expected = echoed + burst;
    for (let i = 0; i < burst; i++) {
      if (values.noise) stream.write(unknownCapsule(i * 100));
      const capsule = datagramCapsule(payload(sent + i, size));
      if (values.noise) {
        stream.write(capsule.subarray(0, 2));
        await new Promise((resolve) => setImmediate(resolve));
        stream.write(capsule.subarray(2));
      } else {
        stream.write(capsule);
      }
    }
    const deadline = Date.now() + 1000; // what is lost is lost
    while (echoed < expected && Date.now() < deadline) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, 1000);
        wake = () => (clearTimeout(timer), resolve());
      });
    }
  }
  console.log(`sent ${count} echoed ${echoed} disordered ${disordered}`);
  stream.end();
  await new Promise((resolve) => stream.on('close', resolve));
}

async function many() {
  let same = 0;
  await Promise.all(Array.from({ length: count }, async (_, i) => {
    const stream = await open({ ':method': 'CONNECT', ':authority': target });
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.end(payload(i, 10_000));
    await new Promise((resolve) => stream.on('end', resolve));
    if (Buffer.concat(chunks).equals(payload(i, 10_000))) same++;
  }));
  console.log(`opened ${count} echoed ${same}`);
}

session.on('remoteSettings', async (settings) => {
  if (mode === 'udp' && !settings.enableConnectProtocol) fail(new Error('the proxy has no extended CONNECT'));
  try {
    await { connect, udp, many }[mode]();
    session.close(() => process.exit(0));
  } catch (error) {
    fail(error);
  }
});
