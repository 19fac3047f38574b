package dev.masque.examples;

import dev.masque.client.Credentials;
import dev.masque.client.MasqueClientBuilder;
import dev.masque.privacypass.SpentTokens;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.TokenVerifier;
import dev.masque.privacypass.VerificationKeys;
import dev.masque.privacypass.http.IssuerClient;
import dev.masque.privacypass.http.IssuerTokenSource;
import dev.masque.privacypass.redis.RedisSpentTokens;
import dev.masque.privacypass.wallet.Wallet;
import dev.masque.server.MasqueServerBuilder;
import dev.masque.server.auth.Authenticators;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** A proxy that takes Privacy Pass tokens, and a client that brings them. */
public final class TunnelsForTokens {
    private TunnelsForTokens() {}

    /**
     * Lets in who brings a token of an issuer.
     *
     * @param proxy a proxy that is being set up
     * @param name the name of the proxy, which its tokens are for
     * @param issuer the name of the issuer
     * @param keys its keys; {@link dev.masque.privacypass.http.DirectoryKeys} follows those of an issuer elsewhere
     * @return the same proxy
     */
    public static MasqueServerBuilder takeTokens(
            MasqueServerBuilder proxy, String name, String issuer, VerificationKeys keys) {
        // tag::proxy[]
        TokenVerifier verifier = TokenVerifier.builder()
                .origin(name)
                .issuer(issuer, keys, TokenType.BLIND_RSA)
                .spentTokens(SpentTokens.inMemory(10_000_000))
                .build();
        return proxy.authenticate(Authenticators.privacyPass(verifier));
        // end::proxy[]
    }

    /**
     * Remembers spent tokens where other proxies see them.
     *
     * @param redis where Redis is, as {@code redis://redis.example}
     * @return the memory, to be closed by the caller
     */
    public static RedisSpentTokens sharedMemory(URI redis) {
        // tag::redis[]
        return RedisSpentTokens.builder(redis).build();
        // end::redis[]
    }

    /**
     * A wallet that is filled by an issuer.
     *
     * @param issuer the issuer, or the attester before it
     * @return a wallet, to be closed by the caller
     * @throws IOException if the wallet cannot be opened
     */
    public static Wallet wallet(IssuerClient issuer) throws IOException {
        // tag::wallet[]
        return Wallet.builder(IssuerTokenSource.of(issuer, Duration.ofDays(1))).build();
        // end::wallet[]
    }

    /**
     * Brings a token for each tunnel.
     *
     * @param client a client that is being set up
     * @param wallet where the tokens are
     * @return the same client
     */
    public static MasqueClientBuilder bringTokens(MasqueClientBuilder client, Wallet wallet) {
        // tag::client[]
        return client.credentials(Credentials.privacyPass(wallet));
        // end::client[]
    }
}
