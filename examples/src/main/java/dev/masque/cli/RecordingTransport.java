package dev.masque.cli;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.HttpStream;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.StreamHandler;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A transport of a proxy that records what the proxy sees of its clients. Thread-safe. */
final class RecordingTransport implements Transport {
    private final Transport transport;
    private final Evidence evidence;
    private final AtomicInteger streams;

    private RecordingTransport(Transport transport, Evidence evidence, AtomicInteger streams) {
        this.transport = transport;
        this.evidence = evidence;
        this.streams = streams;
    }

    /** The same transports, with a record of everything. */
    static TransportProvider[] recording(Evidence evidence, TransportProvider... providers) {
        AtomicInteger streams = new AtomicInteger();
        TransportProvider[] recording = new TransportProvider[providers.length];
        for (int i = 0; i < providers.length; i++) {
            recording[i] = new Provider(providers[i], evidence, streams);
        }
        return recording;
    }

    @Override
    public CompletionStage<HttpSession> connect(ConnectOptions options, SessionHandler handler) {
        return transport.connect(options, handler);
    }

    @Override
    public CompletionStage<Listening> listen(ListenOptions options, SessionHandler handler) {
        return transport.listen(options, new Sessions(handler));
    }

    @Override
    public void close() {
        transport.close();
    }

    private record Provider(TransportProvider provider, Evidence evidence, AtomicInteger streams)
            implements TransportProvider {
        @Override
        public String name() {
            return provider.name();
        }

        @Override
        public Set<HttpVersion> versions() {
            return provider.versions();
        }

        @Override
        public int priority() {
            return provider.priority();
        }

        @Override
        public Optional<String> unavailable() {
            return provider.unavailable();
        }

        @Override
        public boolean asksForCertificates() {
            return provider.asksForCertificates();
        }

        @Override
        public Transport create() {
            return new RecordingTransport(provider.create(), evidence, streams);
        }
    }

    private final class Sessions implements SessionHandler {
        private final SessionHandler handler;

        Sessions(SessionHandler handler) {
            this.handler = handler;
        }

        @Override
        public void opened(HttpSession session) {
            evidence.add("SNI", String.valueOf(session.info().serverName()));
            evidence.add("address of the client", session.info().remoteAddress().getHostString());
            handler.opened(session);
        }

        @Override
        public StreamHandler request(HttpStream stream) {
            RecordingStream recording = new RecordingStream(stream, evidence, "tunnel " + streams.incrementAndGet());
            return recording.recording(handler.request(recording));
        }

        @Override
        public void draining(HttpSession session) {
            handler.draining(session);
        }

        @Override
        public void closed(HttpSession session, @Nullable Throwable cause) {
            handler.closed(session, cause);
        }
    }
}
