// What Privacy Pass is made of, by libraries that are not ours (@cloudflare/voprf-ts, @cloudflare/blindrsa-ts). All in hex.
//
//   node primitives-peer.mjs evaluate SUITE SECRET ELEMENTS INPUTS  server of a VOPRF: prints evaluated elements, the proof, and
//                                                                   what it makes of the inputs itself
//   node primitives-peer.mjs blind SUITE PUBLIC INPUTS              client: prints blinded elements, reads a line with evaluated
//                                                                   elements and one with the proof, prints the outputs
//   node primitives-peer.mjs sign VARIANT SECRET PUBLIC BLINDED     signer of blind RSA (PKCS #8): prints the blind signature
//   node primitives-peer.mjs obtain VARIANT PUBLIC MESSAGE          client (SPKI): prints the blinded message, reads a line with the
//                                                                   blind signature, prints prepared message and signature
//   node primitives-peer.mjs verify VARIANT PUBLIC MESSAGE SIGNATURE  prints whether the signature is good
import { createInterface } from 'node:readline';
import { DLEQProof, Evaluation, EvaluationRequest, Oprf, VOPRFClient, VOPRFServer } from '@cloudflare/voprf-ts';
import { CryptoNoble } from '@cloudflare/voprf-ts/crypto-noble';
import { RSABSSA } from '@cloudflare/blindrsa-ts';

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const unhex = (text) => new Uint8Array(Buffer.from(text, 'hex'));
const list = (text) => text.split(',').map(unhex);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const read = async () => (await lines.next()).value;
const elements = (suite, texts) => list(texts).map((one) => Oprf.getGroup(suite, CryptoNoble).desElt(one));
const written = (all) => all.map((one) => hex(one.serialize(true))).join(',');

async function evaluate(suite, secret, blinded, inputs) {
  const server = new VOPRFServer(suite, unhex(secret), CryptoNoble);
  const { evaluated, proof } = await server.blindEvaluate(new EvaluationRequest(elements(suite, blinded)));
  console.log(written(evaluated));
  console.log(hex(proof.serialize()));
  console.log((await Promise.all(list(inputs).map((one) => server.evaluate(one)))).map(hex).join(','));
}

async function blind(suite, open, inputs) {
  const client = new VOPRFClient(suite, unhex(open), CryptoNoble);
  const [state, request] = await client.blind(list(inputs));
  console.log(written(request.blinded));
  const evaluated = elements(suite, await read());
  const proof = DLEQProof.deserialize(Oprf.getGroup(suite, CryptoNoble).id, unhex(await read()), CryptoNoble);
  const outputs = await client.finalize(state, new Evaluation(Oprf.Mode.VOPRF, evaluated, proof));
  console.log(outputs.map(hex).join(','));
}

const variant = (name) => {
  const [salt, prepare] = name.split('-');
  return RSABSSA.SHA384[salt][prepare]({ supportsRSARAW: false });
};
const key = (format, text, use) =>
  crypto.subtle.importKey(format, unhex(text), { name: 'RSA-PSS', hash: 'SHA-384' }, true, [use]);

async function sign(name, secret, blinded) {
  console.log(hex(await variant(name).blindSign(await key('pkcs8', secret, 'sign'), unhex(blinded))));
}

async function obtain(name, open, message) {
  const suite = variant(name);
  const publicKey = await key('spki', open, 'verify');
  const prepared = suite.prepare(unhex(message));
  const { blindedMsg, inv } = await suite.blind(publicKey, prepared);
  console.log(hex(blindedMsg));
  const signature = await suite.finalize(publicKey, prepared, unhex(await read()), inv);
  console.log(hex(prepared));
  console.log(hex(signature));
}

async function verify(name, open, prepared, signature) {
  console.log(await variant(name).verify(await key('spki', open, 'verify'), unhex(signature), unhex(prepared)));
}

const [, , role, ...rest] = process.argv;
await { evaluate, blind, sign, obtain, verify }[role](...rest);
process.exit(0);
