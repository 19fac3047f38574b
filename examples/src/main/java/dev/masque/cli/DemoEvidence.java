package dev.masque.cli;

import dev.masque.privacypass.Bytes;
import dev.masque.privacypass.GenericBatchRequest;
import dev.masque.privacypass.GenericBatchResponse;
import dev.masque.privacypass.MalformedException;
import dev.masque.privacypass.PrivateTokenCredentials;
import dev.masque.privacypass.Token;
import dev.masque.privacypass.TokenIssuer;
import dev.masque.privacypass.TokenKey;
import dev.masque.privacypass.VerificationKey;
import dev.masque.privacypass.attest.AttestationMethod;
import dev.masque.privacypass.attest.Evidence;
import dev.masque.server.auth.AuthenticationRequest;
import dev.masque.server.auth.AuthenticationResult;
import dev.masque.server.auth.Authenticator;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writes down what an issuer and a proxy get to see, and tries to match it as the two could do together. Thread-safe.
 */
final class DemoEvidence {
    private static final int LIMIT = 1000;

    private final Queue<Issued> issued = new ConcurrentLinkedQueue<>();
    private final Queue<String> fields = new ConcurrentLinkedQueue<>();
    private final Queue<String> credentials = new ConcurrentLinkedQueue<>();

    /** A request and its answer at the issuer. */
    private record Issued(Bytes request, Bytes answer) {}

    /** One signature as the issuer saw it: of what, and what came out. */
    private record Signed(BigInteger blinded, BigInteger signature) {}

    int requests() {
        return issued.size();
    }

    TokenIssuer.Answer issued(Bytes request, TokenIssuer.Answer answer) {
        issued.add(new Issued(request, answer.content()));
        return answer;
    }

    /** Writes down what the requests to the issuer carry beside their content. */
    AttestationMethod fieldsOf(AttestationMethod method) {
        return (Evidence shown) -> {
            fields.add(shown.fields().toString());
            return method.attest(shown);
        };
    }

    /** Writes down the credentials that a proxy gets. */
    Authenticator tokensOf(Authenticator authenticator) {
        return new Authenticator() {
            @Override
            public CompletionStage<AuthenticationResult> authenticate(AuthenticationRequest request) {
                request.credentials("privatetoken").ifPresent(credentials::add);
                return authenticator.authenticate(request);
            }

            @Override
            public Optional<String> challenge(AuthenticationRequest request) {
                return authenticator.challenge(request);
            }

            @Override
            public String method() {
                return authenticator.method();
            }
        };
    }

    /**
     * Tries to tell which request a token came from. Beside looking for anything in common: a token could come from a request
     * if there is a number that it was blinded with. If there is one for each request and token, what was seen says nothing.
     */
    String compare(TokenKey key, String... secrets) throws IOException, GeneralSecurityException {
        RSAPublicKey rsa = (RSAPublicKey) KeyFactory.getInstance("RSASSA-PSS")
                .generatePublic(new X509EncodedKeySpec(key.encoded().toArray()));
        List<Token> tokens = good(key);
        List<Signed> requests = signed();
        for (String secret : secrets) {
            if (fields.toString().contains(secret)) {
                throw new IOException("the issuer was told who asks");
            }
        }
        String atIssuer = issued.toString();
        int possible = 0;
        for (Token token : tokens) {
            if (atIssuer.contains(token.nonce().toString())
                    || atIssuer.contains(token.authenticator().toString())) {
                throw new IOException("the issuer saw a part of a token");
            }
            possible += (int)
                    requests.stream().filter(one -> couldBeOf(one, token, rsa)).count();
        }
        int pairs = tokens.size() * requests.size();
        if (pairs == 0 || possible != pairs) {
            throw new IOException("of " + pairs + " pairs of request and token " + possible + " are possible");
        }
        return requests.size() + " requests, " + tokens.size() + " tokens, nothing in common: each of " + pairs
                + " pairs possible";
    }

    /** blinded = encoded * r^e and signature = authenticator * r: r from the latter, then see whether the former holds. */
    private static boolean couldBeOf(Signed one, Token token, RSAPublicKey rsa) {
        BigInteger n = rsa.getModulus();
        BigInteger e = rsa.getPublicExponent();
        BigInteger authenticator = number(token.authenticator());
        BigInteger r = one.signature.multiply(authenticator.modInverse(n)).mod(n);
        BigInteger encoded = authenticator.modPow(e, n);
        return r.modPow(e, n).multiply(encoded).mod(n).equals(one.blinded);
    }

    private List<Signed> signed() throws MalformedException {
        List<Signed> all = new ArrayList<>();
        for (Issued one : issued) {
            GenericBatchRequest request = GenericBatchRequest.decode(one.request, LIMIT);
            GenericBatchResponse response =
                    GenericBatchResponse.decode(one.answer, request.requests().size());
            for (int i = 0; i < request.requests().size(); i++) {
                BigInteger blinded = number(request.requests().get(i).blinded());
                response.responses()
                        .get(i)
                        .ifPresent(answer -> all.add(new Signed(blinded, number(answer.evaluated()))));
            }
        }
        return all;
    }

    /** The tokens that are good, each once. */
    private List<Token> good(TokenKey key) throws GeneralSecurityException {
        VerificationKey verification = VerificationKey.of(key, Instant.MIN, Instant.MAX);
        Set<Token> tokens = new LinkedHashSet<>();
        for (String one : credentials) {
            PrivateTokenCredentials.parse("PrivateToken " + one)
                    .filter(verification::verify)
                    .ifPresent(tokens::add);
        }
        return List.copyOf(tokens);
    }

    private static BigInteger number(Bytes bytes) {
        return new BigInteger(1, bytes.toArray());
    }
}
