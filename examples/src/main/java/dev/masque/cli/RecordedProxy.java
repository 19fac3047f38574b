package dev.masque.cli;

import dev.masque.core.spi.Resolver;
import dev.masque.core.spi.TransportProvider;
import dev.masque.core.tls.TlsIdentity;
import dev.masque.server.MasqueServer;
import dev.masque.server.access.AccessPolicy;
import dev.masque.server.auth.Authenticators;
import dev.masque.server.event.AuthenticationChecked;
import dev.masque.server.event.ConfigurationReloaded;
import dev.masque.server.event.ConnectionClosed;
import dev.masque.server.event.ConnectionOpened;
import dev.masque.server.event.EgressPoolUnavailable;
import dev.masque.server.event.RequestAnswered;
import dev.masque.server.event.ServerListener;
import dev.masque.server.event.TunnelClosed;
import dev.masque.server.event.TunnelOpened;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A proxy that records all that it sees: its clients' addresses and SNI, requests, responses and what is in the tunnels, the
 * names that it looks up, and its own events. Thread-safe.
 */
record RecordedProxy(MasqueServer server, Evidence evidence) implements AutoCloseable {
    /**
     * How it is set up.
     *
     * @param listen where
     * @param source what it sends from
     * @param identity what it shows
     * @param keys whom it lets in, names to pre-shared keys
     * @param policy where it leads
     * @param names all names that it can resolve
     */
    record Settings(
            InetSocketAddress listen,
            InetAddress source,
            TlsIdentity identity,
            Map<String, String> keys,
            AccessPolicy policy,
            Map<String, InetAddress> names) {}

    static RecordedProxy start(String name, Settings settings, TransportProvider... transports) throws IOException {
        Evidence evidence = new Evidence();
        Resolver resolver = asked -> {
            evidence.add("DNS query", asked);
            InetAddress address = settings.names.get(asked);
            return address == null
                    ? CompletableFuture.failedFuture(new UnknownHostException("no such name"))
                    : CompletableFuture.completedFuture(List.of(address));
        };
        MasqueServer server = MasqueServer.builder()
                .listen(settings.listen)
                .identity(settings.identity)
                .authenticate(Authenticators.preshared(settings.keys))
                .accessPolicy(settings.policy)
                .sourceAddress(query -> settings.source)
                .resolver(resolver)
                .listener(new Events(evidence))
                .transports(RecordingTransport.recording(evidence, transports))
                .name(name)
                .start();
        return new RecordedProxy(server, evidence);
    }

    @Override
    public void close() {
        server.close();
    }

    private record Events(Evidence evidence) implements ServerListener {
        private void add(Object event) {
            evidence.add("event", event.toString());
        }

        @Override
        public void connectionOpened(ConnectionOpened event) {
            add(event);
        }

        @Override
        public void connectionClosed(ConnectionClosed event) {
            add(event);
        }

        @Override
        public void authenticated(AuthenticationChecked event) {
            add(event);
        }

        @Override
        public void requestAnswered(RequestAnswered event) {
            add(event);
        }

        @Override
        public void egressPoolUnavailable(EgressPoolUnavailable event) {
            add(event);
        }

        @Override
        public void configurationReloaded(ConfigurationReloaded event) {
            add(event);
        }

        @Override
        public void tunnelOpened(TunnelOpened event) {
            add(event);
        }

        @Override
        public void tunnelClosed(TunnelClosed event) {
            add(event);
        }
    }
}
