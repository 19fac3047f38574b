package dev.masque.server;

import dev.masque.server.event.AuthenticationChecked;
import dev.masque.server.event.ConfigurationReloaded;
import dev.masque.server.event.ConnectionClosed;
import dev.masque.server.event.ConnectionOpened;
import dev.masque.server.event.EgressPoolUnavailable;
import dev.masque.server.event.RequestAnswered;
import dev.masque.server.event.ServerListener;
import dev.masque.server.event.TunnelClosed;
import dev.masque.server.event.TunnelOpened;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells several listeners, none of which can break the server. Thread-safe. */
final class GuardedListener implements ServerListener {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

    private final List<ServerListener> listeners;

    GuardedListener(List<ServerListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    private void tell(Consumer<ServerListener> event) {
        for (ServerListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException | LinkageError | AssertionError e) {
                LOG.debug("a listener failed", e);
            }
        }
    }

    @Override
    public void connectionOpened(ConnectionOpened event) {
        tell(listener -> listener.connectionOpened(event));
    }

    @Override
    public void connectionClosed(ConnectionClosed event) {
        tell(listener -> listener.connectionClosed(event));
    }

    @Override
    public void authenticated(AuthenticationChecked event) {
        tell(listener -> listener.authenticated(event));
    }

    @Override
    public void requestAnswered(RequestAnswered event) {
        tell(listener -> listener.requestAnswered(event));
    }

    @Override
    public void egressPoolUnavailable(EgressPoolUnavailable event) {
        tell(listener -> listener.egressPoolUnavailable(event));
    }

    @Override
    public void configurationReloaded(ConfigurationReloaded event) {
        tell(listener -> listener.configurationReloaded(event));
    }

    @Override
    public void tunnelOpened(TunnelOpened event) {
        tell(listener -> listener.tunnelOpened(event));
    }

    @Override
    public void tunnelClosed(TunnelClosed event) {
        tell(listener -> listener.tunnelClosed(event));
    }
}
