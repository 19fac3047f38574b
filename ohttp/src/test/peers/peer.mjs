// A client and a gateway of RFC 9458, and a coder of RFC 9292, on @hpke/core and bhttp-js; for tests against ours.
//   peer.mjs gateway [--kem x25519|p256] [--aead 128|256]   says "ready PORT"; keys at /ohttp-keys, requests at /gateway
//   peer.mjs get --relay URL --keys URL [--chunked] METHOD URL [BODY]
//   peer.mjs decode                                         lines "request HEX" or "response HEX" to lines of JSON
//   peer.mjs encode                                         lines of JSON to lines of HEX
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const modules = createRequire(pathToFileURL(process.env.PEER_MODULES + '/'));
const load = async (name) => import(pathToFileURL(modules.resolve(name)));
const hpke = await load('@hpke/core');
const bhttp = await load('bhttp-js');
const { BHttpDecoder, BHttpEncoder } = bhttp.default ?? bhttp;

const KEMS = { 0x20: () => new hpke.DhkemX25519HkdfSha256(), 0x10: () => new hpke.DhkemP256HkdfSha256() };
const KEY_SIZES = { 0x20: 32, 0x10: 65 };
const AEADS = { 1: [() => new hpke.Aes128Gcm(), 16], 2: [() => new hpke.Aes256Gcm(), 32] };
const LABELS = { false: 'message/bhttp', true: 'message/bhttp chunked' };
const FINAL = Buffer.from('final');

const u16 = (n) => Buffer.from([n >> 8, n & 255]);
const suiteOf = (kem, aead) =>
  new hpke.CipherSuite({ kem: KEMS[kem](), kdf: new hpke.HkdfSha256(), aead: AEADS[aead][0]() });
const headerOf = (id, kem, aead) => Buffer.concat([Buffer.from([id]), u16(kem), u16(1), u16(aead)]);
const infoOf = (header, chunked) => Buffer.concat([Buffer.from(`${LABELS[chunked]} request\0`), header]);

function expand(prk, info, length) {
  let block = Buffer.alloc(0);
  let out = Buffer.alloc(0);
  for (let i = 1; out.length < length; i++) {
    block = createHmac('sha256', prk).update(Buffer.concat([block, Buffer.from(info), Buffer.from([i])])).digest();
    out = Buffer.concat([out, block]);
  }
  return out.subarray(0, length);
}

/** The cipher of a response: RFC 9458, section 4.4, counted up for chunks. */
async function responseCipher(context, enc, nonce, aead, chunked) {
  const size = AEADS[aead][1];
  const secret = Buffer.from(await context.export(Buffer.from(`${LABELS[chunked]} response`), Math.max(12, size)));
  const prk = createHmac('sha256', Buffer.concat([enc, nonce])).update(secret).digest();
  const key = expand(prk, 'key', size);
  const base = expand(prk, 'nonce', 12);
  const algorithm = size === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
  let count = 0;
  const iv = () => {
    const next = Buffer.from(base);
    next.writeUInt32BE((next.readUInt32BE(8) ^ count++) >>> 0, 8);
    return next;
  };
  return {
    seal(plain, aad) {
      const cipher = createCipheriv(algorithm, key, iv());
      cipher.setAAD(aad);
      return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, aad) {
      const cipher = createDecipheriv(algorithm, key, iv());
      cipher.setAAD(aad);
      cipher.setAuthTag(sealed.subarray(sealed.length - 16));
      return Buffer.concat([cipher.update(sealed.subarray(0, sealed.length - 16)), cipher.final()]);
    },
  };
}

function varint(n) {
  if (n < 64) return Buffer.from([n]);
  return n < 16384 ? u16(n | 0x4000) : Buffer.from([0x80 | (n >> 24), (n >> 16) & 255, (n >> 8) & 255, n & 255]);
}

function readVarint(buffer, at) {
  const size = 1 << (buffer[at] >> 6);
  let value = buffer[at] & 63;
  for (let i = 1; i < size; i++) value = value * 256 + buffer[at + i];
  return [value, at + size];
}

/** Chunks of 700 bytes, so that there are many; the last one final. */
async function sealChunks(plain, seal) {
  const parts = [];
  let at = 0;
  for (; plain.length - at > 700; at += 700) {
    const chunk = Buffer.from(await seal(plain.subarray(at, at + 700), Buffer.alloc(0)));
    parts.push(varint(chunk.length), chunk);
  }
  parts.push(Buffer.from([0]), Buffer.from(await seal(plain.subarray(at), FINAL)));
  return Buffer.concat(parts);
}

async function openChunks(sealed, open) {
  const parts = [];
  for (let at = 0; ; ) {
    const [length, start] = readVarint(sealed, at);
    if (length === 0) {
      parts.push(Buffer.from(await open(sealed.subarray(start), FINAL)));
      return Buffer.concat(parts);
    }
    parts.push(Buffer.from(await open(sealed.subarray(start, start + length), Buffer.alloc(0))));
    at = start + length;
  }
}

const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv.splice(at, 2)[1];
};
const flag = (name) => {
  const at = process.argv.indexOf(name);
  return at >= 0 && process.argv.splice(at, 1).length === 1;
};

async function readAll(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** What a request asked, and its content: so that a test sees what a decoder saw. */
async function answer(request) {
  const content = Buffer.from(await request.arrayBuffer());
  return new Response(content.length > 0 ? content : `asked ${request.url}`, {
    status: 201,
    headers: {
      'content-type': 'application/octet-stream',
      'x-asked': `${request.method} ${request.url}`,
      'x-fields': JSON.stringify([...request.headers]),
    },
  });
}

async function gateway() {
  const kem = option('--kem', 'x25519') === 'p256' ? 0x10 : 0x20;
  const aead = option('--aead', '128') === '256' ? 2 : 1;
  const suite = suiteOf(kem, aead);
  const pair = await suite.kem.generateKeyPair();
  const publicKey = Buffer.from(await suite.kem.serializePublicKey(pair.publicKey));
  const config = Buffer.concat([Buffer.from([42]), u16(kem), publicKey, u16(8), u16(1), u16(0x7777), u16(1), u16(aead)]);
  const unknown = Buffer.from([9, 0x77, 0x77, 1, 2, 3]); // of a KEM that nobody knows
  const keys = Buffer.concat([u16(unknown.length), unknown, u16(config.length), config]);
  const server = createServer(async (request, response) => {
    const refuse = (status, why) => response.writeHead(status, { 'content-type': 'text/plain' }).end(why);
    try {
      if (request.url === '/ohttp-keys' || (request.method === 'GET' && request.url === '/.well-known/ohttp-gateway')) {
        response.writeHead(200, { 'content-type': 'application/ohttp-keys', 'cache-control': 'max-age=600' }).end(keys);
        return;
      }
      const type = request.headers['content-type'];
      const chunked = type === 'message/ohttp-chunked-req';
      if (request.method !== 'POST' || (!chunked && type !== 'message/ohttp-req')) {
        refuse(415, 'not an encapsulated request');
        return;
      }
      const sealed = await readAll(request);
      const header = sealed.subarray(0, 7);
      if (!header.equals(headerOf(42, kem, aead))) {
        refuse(422, 'not my key');
        return;
      }
      const enc = sealed.subarray(7, 7 + KEY_SIZES[kem]);
      const context = await suite.createRecipientContext({ recipientKey: pair.privateKey, enc, info: infoOf(header, chunked) });
      const rest = sealed.subarray(7 + KEY_SIZES[kem]);
      const open = (chunk, aad) => context.open(chunk, aad);
      const plain = chunked ? await openChunks(rest, open) : Buffer.from(await open(rest, Buffer.alloc(0)));
      const inner = new BHttpDecoder().decodeRequest(new Uint8Array(plain));
      const out = Buffer.from(await new BHttpEncoder().encodeResponse(await answer(inner)));
      const nonce = randomBytes(Math.max(12, AEADS[aead][1]));
      const cipher = await responseCipher(context, enc, nonce, aead, chunked);
      const body = chunked ? await sealChunks(out, cipher.seal) : cipher.seal(out, Buffer.alloc(0));
      response.writeHead(200, { 'content-type': chunked ? 'message/ohttp-chunked-res' : 'message/ohttp-res' });
      response.end(Buffer.concat([nonce, body]));
    } catch (error) {
      console.error(error);
      refuse(400, 'not an encapsulated request');
    }
  });
  server.listen(0, '127.0.0.1', () => console.log(`ready ${server.address().port}`));
}

async function get() {
  const relay = option('--relay');
  const keysUrl = option('--keys');
  const chunked = flag('--chunked');
  const [method, url, body] = process.argv.slice(3);
  const keys = Buffer.from(await (await fetch(keysUrl)).arrayBuffer());
  let config = Buffer.alloc(0);
  for (let at = 0; at < keys.length && config.length === 0; at += 2 + keys.readUInt16BE(at)) {
    const one = keys.subarray(at + 2, at + 2 + keys.readUInt16BE(at));
    if (one.readUInt16BE(1) in KEMS) config = one;
  }
  const id = config[0];
  const kem = config.readUInt16BE(1);
  const key = config.subarray(3, 3 + KEY_SIZES[kem]);
  let aead = 0;
  for (let at = 3 + key.length + 2; at < config.length && aead === 0; at += 4) {
    if (config.readUInt16BE(at) === 1 && config.readUInt16BE(at + 2) in AEADS) aead = config.readUInt16BE(at + 2);
  }
  const suite = suiteOf(kem, aead);
  const header = headerOf(id, kem, aead);
  const sender = await suite.createSenderContext({
    recipientPublicKey: await suite.kem.deserializePublicKey(key),
    info: infoOf(header, chunked),
  });
  const enc = Buffer.from(sender.enc);
  const asked = new Request(url, { method, body, headers: { 'x-from': 'peer' } });
  const plain = Buffer.from(await new BHttpEncoder().encodeRequest(asked));
  const seal = (chunk, aad) => sender.seal(chunk, aad);
  const sealed = chunked ? await sealChunks(plain, seal) : Buffer.from(await seal(plain, Buffer.alloc(0)));
  const form = chunked ? 'message/ohttp-chunked' : 'message/ohttp';
  const outer = await fetch(relay, {
    method: 'POST',
    headers: { 'content-type': `${form}-req` },
    body: Buffer.concat([header, enc, sealed]),
  });
  const answered = Buffer.from(await outer.arrayBuffer());
  if (outer.status !== 200 || outer.headers.get('content-type') !== `${form}-res`) {
    console.error(`outer ${outer.status} ${answered}`);
    process.exitCode = 3;
    return;
  }
  const nonceSize = Math.max(12, AEADS[aead][1]);
  const nonce = answered.subarray(0, nonceSize);
  const cipher = await responseCipher(sender, enc, nonce, aead, chunked);
  const rest = answered.subarray(nonceSize);
  const opened = chunked ? await openChunks(rest, cipher.open) : cipher.open(rest, Buffer.alloc(0));
  const inner = new BHttpDecoder().decodeResponse(new Uint8Array(opened));
  console.error(`status ${inner.status}`);
  for (const [name, value] of inner.headers) console.error(`${name}: ${value}`);
  process.stdout.write(Buffer.from(await inner.arrayBuffer()));
}

async function decode() {
  for await (const line of createInterface({ input: process.stdin })) {
    const [kind, hex] = line.split(' ');
    try {
      const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
      const message = kind === 'request' ? new BHttpDecoder().decodeRequest(bytes) : new BHttpDecoder().decodeResponse(bytes);
      const content = Buffer.from(await message.arrayBuffer()).toString('hex');
      const start = kind === 'request' ? { method: message.method, url: message.url } : { status: message.status };
      console.log(JSON.stringify({ ...start, fields: [...message.headers], content }));
    } catch (error) {
      console.log(JSON.stringify({ error: error.constructor.name }));
    }
  }
}

async function encode() {
  for await (const line of createInterface({ input: process.stdin })) {
    const { method, url, status, fields, content } = JSON.parse(line);
    const body = content ? Buffer.from(content, 'hex') : undefined;
    const bytes = url
      ? await new BHttpEncoder().encodeRequest(new Request(url, { method, body, headers: fields }))
      : await new BHttpEncoder().encodeResponse(new Response(body, { status, headers: fields }));
    console.log(Buffer.from(bytes).toString('hex'));
  }
}

await { gateway, get, decode, encode }[process.argv[2]]();
