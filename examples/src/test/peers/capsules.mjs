// The Capsule Protocol (RFC 9297) and the payloads of the datagram tests, for the Node peers.

/** A variable-length integer, RFC 9000, 16. */
function varint(value) {
  if (value < 64) return Buffer.from([value]);
  if (value < 16384) return Buffer.from([0x40 | (value >> 8), value & 0xff]);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE((0x80000000 | value) >>> 0);
  return bytes;
}

/** Reads one at an offset: [value, length], or null if bytes are missing. */
function readVarint(bytes, at) {
  if (at >= bytes.length) return null;
  const length = 1 << (bytes[at] >> 6);
  if (at + length > bytes.length) return null;
  let value = BigInt(bytes[at] & 0x3f);
  for (let i = 1; i < length; i++) value = (value << 8n) | BigInt(bytes[at + i]);
  return [Number(value), length];
}

/** A DATAGRAM capsule around a UDP payload in context 0. */
export function datagramCapsule(payload) {
  return Buffer.concat([Buffer.from([0]), varint(payload.length + 1), Buffer.from([0]), payload]);
}

/** A capsule of a type that nobody knows, which has to be skipped. */
export function unknownCapsule(length) {
  return Buffer.concat([varint(0x2a17), varint(length), Buffer.alloc(length, 7)]);
}

/** Takes chunks of a stream and calls back with every UDP payload. */
export function capsuleParser(onPayload) {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const type = readVarint(rest, 0);
      const length = type && readVarint(rest, type[1]);
      if (!length) return;
      const start = type[1] + length[1];
      const end = start + length[0];
      if (rest.length < end) return;
      const value = rest.subarray(start, end);
      rest = rest.subarray(end);
      const context = type[0] === 0 && readVarint(value, 0);
      if (context && context[0] === 0) onPayload(value.subarray(context[1]));
    }
  };
}

/** The payload with a number: the number in four bytes, then a pattern. */
export function payload(number, size) {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = (number + i) & 0xff;
  if (size >= 4) bytes.writeUInt32BE(number);
  return bytes;
}
