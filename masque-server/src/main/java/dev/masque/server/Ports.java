package dev.masque.server;

import dev.masque.core.HttpVersion;
import dev.masque.core.MasqueException;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.Transport;
import dev.masque.core.tls.ClientAuthentication;
import dev.masque.core.tls.IdentitySelector;
import dev.masque.core.tls.RawKeyServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Binds the same port for TCP and UDP. For one thread. */
final class Ports {
    private static final int ATTEMPTS = 8;
    private static final long BIND_SECONDS = 30;

    private final IdentitySelector identities;

    @Nullable private final ClientAuthentication clients;

    @Nullable private final RawKeyServer rawKeys;

    private final SessionLimits limits;
    private final SessionHandler handler;
    private final List<Bound> transports = new ArrayList<>();

    private record Bound(Transport transport, Set<HttpVersion> versions) {}

    Ports(
            IdentitySelector identities,
            @Nullable ClientAuthentication clients,
            @Nullable RawKeyServer rawKeys,
            SessionLimits limits,
            SessionHandler handler) {
        this.identities = identities;
        this.clients = clients;
        this.rawKeys = rawKeys;
        this.limits = limits;
        this.handler = handler;
    }

    void serve(Transport transport, Set<HttpVersion> versions) {
        transports.add(new Bound(transport, versions));
    }

    /** Binds an address with every transport; a free port that one of them cannot have is given back, and another tried. */
    List<Listening> bind(InetSocketAddress address) throws IOException {
        IOException last = new MasqueException("no transport");
        for (int attempt = 0; attempt < (address.getPort() == 0 ? ATTEMPTS : 1); attempt++) {
            List<Listening> bound = new ArrayList<>();
            try {
                InetSocketAddress where = address;
                for (Bound transport : transports) {
                    Listening listening = bind(transport, where);
                    bound.add(listening);
                    where = new InetSocketAddress(
                            address.getAddress(), listening.address().getPort());
                }
                return bound;
            } catch (IOException e) {
                bound.forEach(Listening::close);
                last = e;
            }
        }
        throw last;
    }

    private Listening bind(Bound bound, InetSocketAddress address) throws IOException {
        Set<HttpVersion> versions = EnumSet.copyOf(bound.versions);
        CompletableFuture<Listening> future = bound.transport
                .listen(new ListenOptions(address, versions, identities, clients, limits, rawKeys), handler)
                .toCompletableFuture();
        try {
            return future.get(BIND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            String what = "cannot listen on port " + address.getPort() + " for "
                    + versions.stream().map(HttpVersion::alpn).toList();
            throw new MasqueException(
                    e.getCause() instanceof MasqueException known ? what + ": " + known.getMessage() : what,
                    e.getCause());
        } catch (TimeoutException e) {
            future.thenAccept(Listening::close);
            throw new MasqueException("binding the port took too long", e);
        } catch (InterruptedException e) {
            future.thenAccept(Listening::close);
            Thread.currentThread().interrupt();
            throw new MasqueException("interrupted", e);
        }
    }
}
