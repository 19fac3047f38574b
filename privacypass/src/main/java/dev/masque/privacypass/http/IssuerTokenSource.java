package dev.masque.privacypass.http;

import dev.masque.privacypass.Extensions;
import dev.masque.privacypass.IssuanceException;
import dev.masque.privacypass.IssuerDirectory;
import dev.masque.privacypass.PendingAmortizedBatch;
import dev.masque.privacypass.PendingGenericBatch;
import dev.masque.privacypass.PendingToken;
import dev.masque.privacypass.PrivacyPassException;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.TokenClient;
import dev.masque.privacypass.TokenKey;
import dev.masque.privacypass.TokenType;
import dev.masque.privacypass.wallet.TokenSource;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fills a wallet from an issuer: with one proof for all where the type allows it, in a batch of requests elsewhere.
 * Thread-safe.
 */
public final class IssuerTokenSource implements TokenSource {
    private final IssuerClient issuer;
    private final Duration keep;
    private final Extensions extensions;
    private final Clock clock;

    private IssuerTokenSource(IssuerClient issuer, Duration keep, Extensions extensions, Clock clock) {
        this.issuer = issuer;
        this.keep = keep;
        this.extensions = extensions;
        this.clock = clock;
    }

    /**
     * Tokens of an issuer.
     *
     * @param issuer the issuer, perhaps through an attester
     * @param keep for how long tokens count after they are issued; the issuer knows
     * @return the source
     */
    public static IssuerTokenSource of(IssuerClient issuer, Duration keep) {
        return new IssuerTokenSource(issuer, keep, Extensions.NONE, Clock.systemUTC());
    }

    /**
     * The same with tokens of extended types that say something.
     *
     * @param some what they say
     * @return a new source
     */
    public IssuerTokenSource withExtensions(Extensions some) {
        return new IssuerTokenSource(issuer, keep, some, clock);
    }

    @Override
    public Supply fetch(TokenChallenge challenge, int count) throws IOException, PrivacyPassException {
        try {
            return fetch(challenge, key(issuer.directory(), challenge.type()), count);
        } catch (IssuanceException e) {
            if (e.status() != 422) {
                throw e;
            }
            return fetch(challenge, key(issuer.freshDirectory(), challenge.type()), count); // the key may have gone
        }
    }

    private Supply fetch(TokenChallenge challenge, TokenKey key, int count) throws IOException, PrivacyPassException {
        List<Token> tokens = count == 1
                ? single(challenge, key)
                : key.type().amortizes() ? amortized(challenge, key, count) : generic(challenge, key, count);
        return new Supply(tokens, clock.instant().plus(keep));
    }

    private List<Token> single(TokenChallenge challenge, TokenKey key) throws IOException, PrivacyPassException {
        PendingToken pending = TokenClient.request(challenge, key, extensions(key));
        return List.of(pending.finish(issuer.send(pending.request())));
    }

    private List<Token> amortized(TokenChallenge challenge, TokenKey key, int count)
            throws IOException, PrivacyPassException {
        PendingAmortizedBatch pending = TokenClient.amortized(challenge, key, count);
        return pending.finish(issuer.send(pending.request()));
    }

    private List<Token> generic(TokenChallenge challenge, TokenKey key, int count)
            throws IOException, PrivacyPassException {
        List<PendingToken> each = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            each.add(TokenClient.request(challenge, key, extensions(key)));
        }
        PendingGenericBatch pending = TokenClient.generic(each);
        return pending.finish(issuer.send(pending.request())).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private Extensions extensions(TokenKey key) {
        return key.type().extended() ? extensions : Extensions.NONE;
    }

    private TokenKey key(IssuerDirectory directory, TokenType type) throws IOException {
        return directory
                .current(type, clock.instant())
                .orElseThrow(() -> new IOException("the issuer has no key of type " + type));
    }
}
