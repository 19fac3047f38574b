package dev.masque.bench;

/** What is done for a token, by whom. */
enum TokenWork {
    VERIFY("masque", "type 2, verify"),
    SIGN("masque", "type 2, blind sign with blinding and fault check"),
    SIGN_NATIVE("masque", "type 2, blind sign with blinding and fault check, RSA of Conscrypt"),
    BLIND("masque", "type 2, client: blind"),
    ISSUE("masque", "type 1, issue with proof"),
    ISSUE_10("masque", "type 1, issue in a batch of 10"),
    ISSUE_100("masque", "type 1, issue in a batch of 100"),
    ISSUE_RISTRETTO("masque", "type 5, issue with proof"),
    ISSUE_RISTRETTO_100("masque", "type 5, issue in a batch of 100"),
    PARTIAL_SIGN("masque", "type 0xDA7A, blind sign, key derived before"),
    PARTIAL_VERIFY("masque", "type 0xDA7A, verify"),
    JDK_VERIFY("JDK", "RSA-2048 PSS verify"),
    JDK_SIGN("JDK", "RSA-2048 PSS sign"),
    OPENSSL_VERIFY("OpenSSL", "RSA-2048 verify"),
    OPENSSL_SIGN("OpenSSL", "RSA-2048 sign"),
    OPENSSL_PLAIN_SIGN("OpenSSL", "RSA-2048 sign, without AVX-512 IFMA"),
    OPENSSL_ECDH("OpenSSL", "P-384 ECDH"),
    PEER_VERIFY("privacypass-ts", "type 2, verify"),
    PEER_SIGN("privacypass-ts", "type 2, blind sign"),
    PEER_ISSUE("privacypass-ts", "type 1, issue with proof");

    private final String whose;
    private final String what;

    TokenWork(String whose, String what) {
        this.whose = whose;
        this.what = what;
    }

    String whose() {
        return whose;
    }

    String text() {
        return whose + ": " + what;
    }

    boolean isOfPeer() {
        return whose.equals("privacypass-ts");
    }
}
