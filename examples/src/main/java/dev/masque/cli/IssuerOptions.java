package dev.masque.cli;

import dev.masque.core.tls.TlsIdentity;
import dev.masque.privacypass.http.IssuerClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the commands that speak to an issuer. */
final class IssuerOptions {
    @Nullable @Option(
            names = "--issuer",
            paramLabel = "URL",
            converter = Https.class,
            description = "The issuer: https://HOST[:PORT], where its directory of keys is.")
    private URI issuer;

    @Nullable @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Trust issuer and attester by this authority, PEM, instead of the system's.")
    private Path authority;

    @Nullable URI issuer() {
        return issuer;
    }

    HttpClient http() throws IOException, GeneralSecurityException {
        return JdkClient.trusting(authority);
    }

    /** One that shows a certificate. */
    HttpClient http(TlsIdentity identity) throws IOException {
        return JdkClient.trusting(authority, identity);
    }

    /** A client of an issuer. */
    IssuerClient.Builder client(URI at) throws IOException, GeneralSecurityException {
        return IssuerClient.builder(at).httpClient(http());
    }
}
