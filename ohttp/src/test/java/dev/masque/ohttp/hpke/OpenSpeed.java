package dev.masque.ohttp.hpke;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.SecureRandom;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;

/**
 * Not a test: says how many messages of 1200 bytes a thread receives and opens in a second of its processor time, here and with
 * Bouncy Castle's own HPKE, in turns in one run.
 */
final class OpenSpeed {
    private static final byte[] INFO = new byte[29];
    private static final byte[] AAD = {};
    private static final int SIZE = 1200;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private OpenSpeed() {}

    public static void main(String[] args) throws Exception {
        SecureRandom random = new SecureRandom();
        HpkeKeyPair keys = HpkeKeyPair.generate(Kem.X25519, random);
        KeySchedule schedule = KeySchedule.of(Kem.X25519, Aead.AES_128_GCM, INFO);
        HPKE theirs = new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);
        AsymmetricCipherKeyPair theirKeys = theirs.deserializePrivateKey(keys.exportPrivateKey(), keys.publicKey());
        HpkeContext.Sender sender = HpkeContext.send(schedule, keys.publicKey(), random);
        byte[] sealed = new byte[SIZE + Aead.TAG_LENGTH];
        sender.context().messages().seal(AAD, new byte[SIZE], 0, SIZE, sealed, 0);

        Round own = () -> HpkeContext.receive(schedule, keys, sender.encapsulated())
                .messages()
                .open(AAD, sealed, 0, sealed.length);
        Round bouncyCastle =
                () -> theirs.setupBaseR(sender.encapsulated(), theirKeys, INFO).open(AAD, sealed);
        for (int i = 0; i < 8; i++) {
            double here = rate(own);
            double there = rate(bouncyCastle);
            System.out.printf("%8.0f here, %8.0f Bouncy Castle, ratio %.2f%n", here, there, here / there);
        }
    }

    private static double rate(Round round) throws Exception {
        long start = THREADS.getCurrentThreadCpuTime();
        long count = 0;
        long spent = 0;
        for (; spent < 1_500_000_000L; spent = THREADS.getCurrentThreadCpuTime() - start) {
            for (int i = 0; i < 100; i++) {
                if (round.open().length != SIZE) {
                    throw new AssertionError();
                }
            }
            count += 100;
        }
        return count * 1e9 / spent;
    }

    private interface Round {
        byte[] open() throws Exception;
    }
}
