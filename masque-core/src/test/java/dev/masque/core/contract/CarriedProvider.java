package dev.masque.core.contract;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Transports that connect over a network that they are given instead of sockets of their own.
 *
 * @param provider makes the transports
 * @param networks makes what they connect over
 */
public record CarriedProvider(TransportProvider provider, Supplier<Network> networks) implements TransportProvider {
    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public Set<HttpVersion> versions() {
        return provider.versions();
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
        return new Carried(provider.create(), networks.get());
    }

    private record Carried(Transport transport, Network network) implements Transport {
        @Override
        public CompletionStage<HttpSession> connect(ConnectOptions options, SessionHandler handler) {
            return transport.connect(options.over(network), handler);
        }

        @Override
        public CompletionStage<Listening> listen(ListenOptions options, SessionHandler handler) {
            return transport.listen(options, handler);
        }

        @Override
        public void close() {
            transport.close();
            network.close();
        }
    }
}
