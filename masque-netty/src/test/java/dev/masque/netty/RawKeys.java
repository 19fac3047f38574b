package dev.masque.netty;

import dev.masque.core.contract.RawKeyProvider;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.IdentityException;
import dev.masque.core.tls.RawKey;
import dev.masque.core.tls.RawKeyClient;
import dev.masque.core.tls.RawKeyPins;
import dev.masque.core.tls.RawKeyServer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/** Keys for tests. */
final class RawKeys {
    private RawKeys() {}

    static RawKey ed25519() {
        try {
            return of(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static RawKey p256() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return of(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static RawKey of(KeyPair pair) {
        try {
            return RawKey.of(pair.getPrivate(), pair.getPublic());
        } catch (IdentityException e) {
            throw new AssertionError(e);
        }
    }

    static RawKeyPins pins(RawKey... keys) {
        String[] pins = new String[keys.length];
        for (int i = 0; i < keys.length; i++) {
            pins[i] = keys[i].pin().toString();
        }
        return RawKeyPins.of(pins);
    }

    /** Both sides show a key, and want one. */
    static TransportProvider mutual(RawKey server, RawKey client) {
        return new RawKeyProvider(
                new NettyTransportProvider(),
                new RawKeyServer(() -> server, pins(client), true, true),
                new RawKeyClient(pins(server), client));
    }
}
