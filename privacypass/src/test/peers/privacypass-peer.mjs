// A Privacy Pass implementation that is not ours (@cloudflare/privacypass-ts), as issuer and origin or as client.
//
//   node privacypass-peer.mjs serve KEYS           issuer and origin; prints "listening PORT"
//   node privacypass-peer.mjs fetch URL FIELD EXT  client: asks the issuer at URL for a token for each challenge of the
//                                                  WWW-Authenticate FIELD, single and in a batch; prints fields of
//                                                  Authorization. EXT: extensions in hex for type 0xda7a
//
// KEYS is JSON: by token type the private and public key in hex (PKCS #8 and SPKI for the RSA types).
import { createServer } from 'node:http';
import {
  AuthorizationHeader,
  Extensions,
  MediaType,
  PRIVATE_TOKEN_ISSUER_DIRECTORY,
  TOKEN_TYPES,
  WWWAuthenticateHeader,
  genericBatched,
  privateVerif,
  publicVerif,
} from '@cloudflare/privacypass-ts';

const { BlindRSAMode } = publicVerif;
const unhex = (text) => new Uint8Array(Buffer.from(text, 'hex')); // a buffer of its own
const base64url = (bytes) => Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
const ENTRIES = { 1: TOKEN_TYPES.VOPRF, 2: TOKEN_TYPES.BLIND_RSA, 0xda7a: TOKEN_TYPES.PARTIALLY_BLIND_RSA };

async function rsaKeys({ secret, open }) {
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' };
  return [
    await crypto.subtle.importKey('pkcs8', unhex(secret), algorithm, true, ['sign']),
    await crypto.subtle.importKey('spki', publicVerif.convertRSASSAPSSToEnc(unhex(open)), algorithm, true, ['verify']),
  ];
}

async function serve(keys) {
  const issuers = {
    1: new privateVerif.Issuer('issuer.example', unhex(keys[1].secret), unhex(keys[1].open)),
    2: new publicVerif.Issuer(BlindRSAMode.PSS, 'issuer.example', ...(await rsaKeys(keys[2]))),
    0xda7a: new publicVerif.IssuerWithMetadata(BlindRSAMode.PSS, 'issuer.example', ...(await rsaKeys(keys[0xda7a]))),
  };
  const batches = new genericBatched.Issuer(issuers[1], issuers[2]);

  async function issue(kind, body) {
    if (kind === MediaType.GENERIC_BATCHED_TOKEN_REQUEST) {
      return batches.issue(genericBatched.BatchedTokenRequest.deserialize(body));
    }
    const type = (body[0] << 8) | body[1];
    switch (type) {
      case 1:
        return issuers[1].issue(privateVerif.TokenRequest.deserialize(body));
      case 2:
        return issuers[2].issue(publicVerif.TokenRequest.deserialize(ENTRIES[2], body));
      default:
        return issuers[type].issue(publicVerif.ExtendedTokenRequest.deserialize(body));
    }
  }

  async function redeem(field) {
    const bytes = Buffer.from(/token="?([^",]+)/.exec(field)[1], 'base64');
    const type = (bytes[0] << 8) | bytes[1];
    const { token, extensions } = AuthorizationHeader.parse(ENTRIES[type], field)[0];
    if (type === 1) {
      return new privateVerif.Origin().verify(token, unhex(keys[1].secret));
    }
    const [, key] = await rsaKeys(keys[type]);
    const origin =
      type === 2
        ? new publicVerif.Origin(BlindRSAMode.PSS)
        : new publicVerif.OriginWithMetadata(BlindRSAMode.PSS, extensions);
    return origin.verify(token, key);
  }

  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = new Uint8Array(Buffer.concat(chunks));
    try {
      if (request.url === PRIVATE_TOKEN_ISSUER_DIRECTORY) {
        response.setHeader('Content-Type', MediaType.PRIVATE_TOKEN_ISSUER_DIRECTORY);
        const list = Object.entries(keys).map(([type, { open }]) => ({
          'token-type': Number(type),
          'token-key': base64url(unhex(open)),
        }));
        response.end(JSON.stringify({ 'issuer-request-uri': '/request', 'token-keys': list }));
      } else if (request.url === '/request') {
        const kind = request.headers['content-type'];
        const answer = await issue(kind, body);
        response.setHeader('Content-Type', kind.replace(/request$/, 'response'));
        response.end(answer.serialize());
      } else {
        response.statusCode = (await redeem(request.headers.authorization)) ? 204 : 403;
        response.end();
      }
    } catch (e) {
      console.error(e);
      response.statusCode = 422;
      response.end();
    }
  });
  server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
}

async function send(url, type, bytes) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': type, Accept: type.replace(/request$/, 'response') },
    body: bytes,
  });
  if (response.status !== 200 || response.headers.get('Content-Type') !== type.replace(/request$/, 'response')) {
    throw new Error(`status ${response.status}: ${await response.text()}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

function client(type, extensions) {
  switch (type) {
    case 1:
      return new privateVerif.Client();
    case 2:
      return new publicVerif.Client(BlindRSAMode.PSS);
    default:
      return new publicVerif.ClientWithMetadata(BlindRSAMode.PSS, extensions);
  }
}

async function fetchTokens(base, field, extensionsHex) {
  const extensions = Extensions.deserialize(unhex(extensionsHex));
  const directory = await (await fetch(new URL(PRIVATE_TOKEN_ISSUER_DIRECTORY, base))).json();
  const url = new URL(directory['issuer-request-uri'], base);
  const batch = [];
  for (const { challenge, tokenKey } of WWWAuthenticateHeader.parse(field)) {
    const type = challenge.tokenType;
    const listed = directory['token-keys'].find((key) => key['token-type'] === type)['token-key'];
    if (listed !== base64url(tokenKey)) {
      throw new Error('the directory has another key than the challenge');
    }
    const single = client(type, extensions);
    const request = await single.createTokenRequest(challenge, tokenKey);
    const answer = await send(url, MediaType.PRIVATE_TOKEN_REQUEST, request.serialize());
    const token = await single.finalize(single.deserializeTokenResponse(answer));
    const more = type === 0xda7a ? `, extensions="${base64url(extensions.serialize())}"` : ''; // toString leaves them out
    console.log(new AuthorizationHeader(token).toString(true) + more);
    if (type !== 0xda7a) {
      for (let i = 0; i < 3; i++) {
        const one = client(type);
        batch.push({ one, request: await one.createTokenRequest(challenge, tokenKey) });
      }
    }
  }
  const all = new genericBatched.Client();
  const request = all.createTokenRequest(batch.map(({ request: each }) => new genericBatched.TokenRequest(each)));
  const answer = await send(url, MediaType.GENERIC_BATCHED_TOKEN_REQUEST, request.serialize());
  const responses = [...all.deserializeTokenResponse(answer)];
  for (let i = 0; i < batch.length; i++) {
    console.log(new AuthorizationHeader(await batch[i].one.finalize(responses[i].tokenResponse)).toString(true));
  }
}

const [, , role, ...rest] = process.argv;
await (role === 'serve' ? serve(JSON.parse(rest[0])) : fetchTokens(...rest));
