package dev.masque.client;

import dev.masque.client.event.ClientListener;
import dev.masque.client.event.ConnectFailed;
import dev.masque.client.event.SessionClosed;
import dev.masque.client.event.SessionOpened;
import dev.masque.client.event.TunnelClosed;
import dev.masque.client.event.TunnelFailed;
import dev.masque.client.event.TunnelOpened;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands events to several listeners, none of which can break the client. */
record GuardedListener(List<ClientListener> listeners) implements ClientListener {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

    @Override
    public void sessionOpened(SessionOpened event) {
        each(ClientListener::sessionOpened, event);
    }

    @Override
    public void sessionClosed(SessionClosed event) {
        each(ClientListener::sessionClosed, event);
    }

    @Override
    public void connectFailed(ConnectFailed event) {
        each(ClientListener::connectFailed, event);
    }

    @Override
    public void tunnelOpened(TunnelOpened event) {
        each(ClientListener::tunnelOpened, event);
    }

    @Override
    public void tunnelFailed(TunnelFailed event) {
        each(ClientListener::tunnelFailed, event);
    }

    @Override
    public void tunnelClosed(TunnelClosed event) {
        each(ClientListener::tunnelClosed, event);
    }

    private <E> void each(BiConsumer<ClientListener, E> call, E event) {
        for (ClientListener listener : listeners) {
            try {
                call.accept(listener, event);
            } catch (RuntimeException e) {
                LOG.debug("a listener failed", e);
            }
        }
    }
}
