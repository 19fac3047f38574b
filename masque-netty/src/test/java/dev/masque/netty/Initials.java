package dev.masque.netty;

import dev.masque.core.wire.VarInt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * First packets of QUIC connections, of which there are as many as one likes: the ClientHello of one that a real client sent,
 * protected again under other connection ids (RFC 9001, 5).
 */
final class Initials {
    static final int SMALLEST = 1_200; // RFC 9000, 14.1

    private static final byte[] SALT = {
        0x38,
        0x76,
        0x2c,
        (byte) 0xf7,
        (byte) 0xf5,
        0x59,
        0x34,
        (byte) 0xb3,
        0x4d,
        0x17,
        (byte) 0x9a,
        (byte) 0xe6,
        (byte) 0xa4,
        (byte) 0xc8,
        0x0c,
        (byte) 0xad,
        (byte) 0xcc,
        (byte) 0xbb,
        0x7f,
        0x0a
    };
    private static final int TAG = 16;
    private static final int VERSION_1 = 1;

    private final byte[] sourceId;
    private final byte[] hello;

    /** From the first packet of a client. */
    Initials(byte[] datagram) throws GeneralSecurityException {
        ByteBuffer in = ByteBuffer.wrap(datagram);
        in.position(5);
        byte[] destinationId = bytes(in, in.get());
        sourceId = bytes(in, in.get());
        int token = (int) VarInt.read(in);
        in.position(in.position() + token);
        int length = (int) VarInt.read(in);
        int number = in.position();
        Keys keys = new Keys(destinationId);
        byte[] mask = keys.mask(Arrays.copyOfRange(datagram, number + 4, number + 4 + TAG));
        byte[] packet = Arrays.copyOf(datagram, number + length);
        packet[0] ^= (byte) (mask[0] & 0x0f);
        int numberLength = 1 + (packet[0] & 3);
        for (int i = 0; i < numberLength; i++) {
            packet[number + i] ^= mask[1 + i];
        }
        byte[] padded = keys.crypt(
                Cipher.DECRYPT_MODE,
                Arrays.copyOf(packet, number + numberLength),
                packet[number + numberLength - 1],
                Arrays.copyOfRange(packet, number + numberLength, packet.length));
        int end = padded.length;
        while (padded[end - 1] == 0) { // PADDING
            end--;
        }
        hello = Arrays.copyOf(padded, end);
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** The first packet of a connection to an id of 8 bytes, in a datagram of so many bytes; the least possible for 0. */
    byte[] first(long id, int size) throws GeneralSecurityException {
        byte[] destinationId = ByteBuffer.allocate(Long.BYTES).putLong(id).array();
        int before = 1 + 4 + 1 + destinationId.length + 1 + sourceId.length + 1 + 2;
        int payload = Math.max(hello.length, size - before - 1 - TAG);
        ByteBuffer out = ByteBuffer.allocate(before + 1 + payload + TAG);
        out.put((byte) 0xc0).putInt(VERSION_1);
        out.put((byte) destinationId.length).put(destinationId);
        out.put((byte) sourceId.length).put(sourceId);
        out.put((byte) 0).putShort((short) (0x4000 | 1 + payload + TAG)).put((byte) 0);
        Keys keys = new Keys(destinationId);
        byte[] header = Arrays.copyOf(out.array(), before + 1);
        out.put(keys.crypt(Cipher.ENCRYPT_MODE, header, (byte) 0, Arrays.copyOf(hello, payload)));
        byte[] packet = out.array();
        byte[] mask = keys.mask(Arrays.copyOfRange(packet, before + 4, before + 4 + TAG));
        packet[0] ^= (byte) (mask[0] & 0x0f);
        packet[before] ^= mask[1];
        return packet;
    }

    /** A client's keys for its first packets (RFC 9001, 5.2). */
    private static final class Keys {
        private final SecretKeySpec key;
        private final byte[] iv;
        private final SecretKeySpec protection;

        Keys(byte[] destinationId) throws GeneralSecurityException {
            byte[] secret = expand(hmac(SALT, destinationId), "client in", 32);
            key = new SecretKeySpec(expand(secret, "quic key", 16), "AES");
            iv = expand(secret, "quic iv", 12);
            protection = new SecretKeySpec(expand(secret, "quic hp", 16), "AES");
        }

        private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        }

        /** HKDF-Expand-Label, of one block. */
        private static byte[] expand(byte[] secret, String name, int length) throws GeneralSecurityException {
            byte[] label = ("tls13 " + name).getBytes(StandardCharsets.US_ASCII);
            ByteBuffer info = ByteBuffer.allocate(2 + 1 + label.length + 1 + 1);
            info.putShort((short) length).put((byte) label.length).put(label);
            info.put((byte) 0).put((byte) 1);
            return Arrays.copyOf(hmac(secret, info.array()), length);
        }

        byte[] mask(byte[] sample) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, protection);
            return cipher.doFinal(sample);
        }

        byte[] crypt(int mode, byte[] header, byte number, byte[] data) throws GeneralSecurityException {
            byte[] nonce = iv.clone();
            nonce[nonce.length - 1] ^= number;
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
            cipher.updateAAD(header);
            return cipher.doFinal(data);
        }
    }
}
