package dev.masque.bench;

import dev.masque.core.spi.HeaderFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** squid as HTTP/1.1 CONNECT proxy behind TLS: one process, as it comes, without a cache and without logs. */
final class Squid implements Subject {
    private static final String PACKAGE = "squid-openssl";

    private final Process process;
    private final int port;

    private Squid(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static Squid start(Identity identity, Path folder) throws IOException {
        String squid = Programs.find("squid", PACKAGE);
        int port = Programs.freePort();
        Path configuration = folder.resolve("squid.conf");
        Files.writeString(configuration, """
                https_port 127.0.0.1:%d tls-cert=%s tls-key=%s options=NO_TLSv1,NO_TLSv1_1
                http_access allow all
                # no sockets but those of clients and targets
                icp_port 0
                htcp_port 0
                snmp_port 0
                udp_incoming_address 127.0.0.1
                udp_outgoing_address 127.0.0.1
                pinger_enable off
                netdb_filename none
                cache deny all
                access_log none
                cache_store_log none
                cache_log %s
                pid_filename none
                coredump_dir none
                client_idle_pconn_timeout 1 hour
                shutdown_lifetime 0 seconds
                """.formatted(
                        port, identity.certificate(), identity.key(), folder.resolve("squid-cache.log")));
        // as root it gives up its rights; the key lives as long as the run
        Files.setPosixFilePermissions(
                identity.key().toAbsolutePath().getParent(), PosixFilePermissions.fromString("rwx--x--x"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        for (Path file : List.of(identity.certificate(), identity.key(), configuration)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        Process process =
                Programs.start(List.of(squid, "-N", "-f", configuration.toString()), port, folder.resolve("squid.log"));
        return new Squid(process, port);
    }

    @Override
    public String name() {
        return "squid";
    }

    @Override
    public String version() throws IOException {
        return Machine.firstLine(List.of(Programs.find("squid", PACKAGE), "-v"), line -> true);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public HeaderFields fields() {
        return HeaderFields.empty();
    }

    @Override
    public Duration cpu() {
        return Programs.cpu(process);
    }

    @Override
    public long resident() throws IOException {
        return Programs.resident(process);
    }

    @Override
    public void close() {
        Programs.stop(process);
    }
}
