package dev.masque.client;

import dev.masque.core.Target;
import dev.masque.privacypass.MalformedException;
import dev.masque.privacypass.PrivateTokenChallenge;
import dev.masque.privacypass.PrivateTokenCredentials;
import dev.masque.privacypass.TokenChallenge;
import dev.masque.privacypass.wallet.NoTokenException;
import dev.masque.privacypass.wallet.Wallet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A token of a wallet for each tunnel, for what the proxy asked last. Thread-safe. RFC 9577. */
final class TokenCredentials implements Credentials {
    private static final Logger LOG = LoggerFactory.getLogger(TokenCredentials.class);
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final Wallet wallet;

    /** What the proxy takes, in its order; none before it was asked. */
    private volatile List<TokenChallenge> asked = List.of();

    TokenCredentials(Wallet wallet) {
        this.wallet = wallet;
    }

    @Override
    public Optional<String> authorization(CredentialsRequest request) throws IOException {
        if (!request.challenges().isEmpty()) {
            asked = tokenChallenges(request.challenges());
        }
        NoTokenException none = null;
        boolean foreign = false;
        for (TokenChallenge challenge : asked) {
            if (!isFor(request.proxy(), challenge)) {
                foreign = true;
                continue;
            }
            try {
                return Optional.of(PrivateTokenCredentials.format(wallet.take(challenge, WAIT)));
            } catch (NoTokenException e) {
                if (none == null) {
                    none = e;
                } else {
                    none.addSuppressed(e);
                }
            }
        }
        if (none != null) {
            throw none;
        }
        if (foreign) {
            throw new IOException("the proxy asks for tokens that are meant for others");
        }
        return Optional.empty(); // the proxy will say what it takes, or takes no tokens
    }

    /** Else a proxy could collect tokens and spend them elsewhere. RFC 9577, 2.1. */
    private static boolean isFor(Target proxy, TokenChallenge challenge) {
        return challenge.isFor(proxy.host()) || challenge.isFor(proxy.authority());
    }

    private static List<TokenChallenge> tokenChallenges(List<String> fields) {
        List<TokenChallenge> challenges = new ArrayList<>();
        for (String field : fields) {
            try {
                for (PrivateTokenChallenge one : PrivateTokenChallenge.parse(field)) {
                    if (one.type().known()) {
                        challenges.add(one.challenge());
                    }
                }
            } catch (MalformedException anotherMayBeWell) {
                LOG.debug("a challenge that is none", anotherMayBeWell);
            }
        }
        return List.copyOf(challenges);
    }

    /** The scheme alone. */
    @Override
    public String toString() {
        return "privatetoken";
    }
}
