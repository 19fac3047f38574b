package dev.masque.cli;

import dev.masque.core.HttpVersion;
import dev.masque.core.tls.Identities;
import dev.masque.core.tls.ReloadableIdentity;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.MasqueServer;
import dev.masque.server.MasqueServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of every command that serves: where it listens, with which certificate, and how it ends. */
final class ServeOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "HOST:PORT",
            converter = HostPort.class,
            description = "Where to listen, on TCP and UDP; port 0 takes a free one; HOST * is every address.")
    @SuppressWarnings("NullAway.Init") // picocli
    private InetSocketAddress listen;

    @Nullable @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "The certificate chain, PEM. Read again when it changes.")
    private Path certificate;

    @Nullable @Option(names = "--key", paramLabel = "FILE", description = "The private key of the certificate, PEM (PKCS#8).")
    private Path key;

    @Nullable @Option(
            names = "--self-signed",
            paramLabel = "DIR",
            description = "Makes a certificate, and writes ca.pem, cert.pem and key.pem there; clients trust ca.pem.")
    private Path selfSigned;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long what is under way may go on after SIGTERM (default: ${DEFAULT-VALUE}).")
    private int drainSeconds = 30;

    @Nullable private ReloadableIdentity ofFiles;

    InetSocketAddress listen() {
        return listen;
    }

    boolean hasIdentity() {
        return certificate != null || key != null || selfSigned != null;
    }

    Supplier<TlsIdentity> identity() throws IOException, GeneralSecurityException {
        if (selfSigned != null && certificate == null && key == null) {
            SelfSigned made = SelfSigned.create(SelfSigned.hostsOf(listen.getAddress()));
            made.write(selfSigned);
            return made::identity;
        }
        if (selfSigned == null && certificate != null && key != null) {
            ReloadableIdentity read = Identities.fromPem(certificate, key);
            ofFiles = read;
            return read;
        }
        throw new ParameterException(spec.commandLine(), "give --cert and --key, or --self-signed");
    }

    /** Has the server follow the files of {@link #identity()}, which was asked for before. */
    void follow(MasqueServerBuilder builder) {
        if (ofFiles != null) {
            builder.reload("certificate", ofFiles::reload);
        }
    }

    /** A server of handlers that is nobody's proxy. */
    MasqueServerBuilder site(Http3Option http3) throws IOException, GeneralSecurityException {
        MasqueServerBuilder builder = MasqueServer.builder()
                .listen(listen)
                .identity(identity())
                .authenticate(new NoTunnels())
                .transports(http3.transports());
        follow(builder);
        return builder;
    }

    /** Says where the server listens, and waits for its end; SIGTERM drains it. */
    int serve(MasqueServer server) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(server), "masque-drain"));
        String offered = Stream.of(HttpVersion.values())
                .filter(server.versions()::contains)
                .map(HttpVersion::alpn)
                .collect(Collectors.joining(","));
        for (InetSocketAddress address : server.addresses()) {
            spec.commandLine().getOut().println("listening https://" + HostPort.format(address) + " " + offered);
        }
        spec.commandLine().getOut().flush();
        server.awaitClose();
        return 0;
    }

    private void drain(MasqueServer server) {
        try {
            server.drain(Duration.ofSeconds(drainSeconds));
        } catch (InterruptedException e) {
            server.close();
        }
    }
}
