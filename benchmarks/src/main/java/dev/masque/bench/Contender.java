package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HttpSession;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What can be measured, by the names of {@code --only}. */
enum Contender {
    NGHTTPX("nghttpx", "nghttpx and tinyproxy, CONNECT over HTTP/2", Lab.NETTY, HttpVersion.HTTP_2),
    SQUID("squid", "squid, CONNECT over HTTP/1.1 and TLS", Lab.NETTY, HttpVersion.HTTP_1_1),
    HAPROXY("haproxy", "HAProxy in TCP mode: a plain relay without TLS", "", null),
    RELAY("netty-relay", "a bare relay on Netty's HTTP/2, without policy", Lab.NETTY, HttpVersion.HTTP_2),
    QUICHE("quiche", "streams of Netty's quiche without a proxy", "", null),
    DIRECT("direct", "the targets without a proxy, without TLS", "", null),
    MASQUE_H1("masque-h1", "ours, HTTP/1.1", Lab.NETTY, HttpVersion.HTTP_1_1),
    MASQUE_H2("masque-h2", "ours, HTTP/2 with netty-tcnative and epoll", Lab.NETTY, HttpVersion.HTTP_2),
    MASQUE_H2_JDK("masque-h2-jdk", "ours, HTTP/2 with TLS and sockets of the JDK", Lab.NETTY, HttpVersion.HTTP_2),
    MASQUE_QUICHE("masque-quiche", "ours, HTTP/3 on quiche", "quiche", HttpVersion.HTTP_3),
    MASQUE_KWIK("masque-kwik", "ours, HTTP/3 on kwik", "kwik", HttpVersion.HTTP_3);

    private final String label;
    private final String description;
    private final String transport;

    @Nullable private final HttpVersion version;

    Contender(String label, String description, String transport, @Nullable HttpVersion version) {
        this.label = label;
        this.description = description;
        this.transport = transport;
        this.version = version;
    }

    String label() {
        return label;
    }

    String description() {
        return description;
    }

    static Contender of(String label) {
        return Arrays.stream(values())
                .filter(contender -> contender.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no subject is called " + label + ", see --list"));
    }

    /** Whether one connection carries several tunnels. */
    boolean multiplexes() {
        return version != null && version != HttpVersion.HTTP_1_1;
    }

    /** Starts it. */
    Subject start(Lab lab) throws IOException {
        return switch (this) {
            case NGHTTPX -> Nghttpx.start(lab.identity(), lab.folder("nghttpx"));
            case SQUID -> Squid.start(lab.identity(), lab.folder("squid"));
            case HAPROXY -> HaProxy.start(lab.targets(), lab.folder("haproxy"));
            case RELAY -> lab.child("bare Netty relay", true, List.of(), RelayMain.class);
            case QUICHE -> lab.child("quiche alone", true, List.of(), QuicheMain.class);
            case DIRECT -> new Direct(lab.targets());
            case MASQUE_H1 -> proxy(lab, "masque (HTTP/1.1)", true);
            case MASQUE_H2 -> proxy(lab, "masque (HTTP/2)", true);
            case MASQUE_H2_JDK -> proxy(lab, "masque (HTTP/2, JDK only)", false);
            case MASQUE_QUICHE -> proxy(lab, "masque (HTTP/3, quiche)", true);
            case MASQUE_KWIK -> proxy(lab, "masque (HTTP/3, kwik)", true);
        };
    }

    private Subject proxy(Lab lab, String name, boolean natives) throws IOException {
        return lab.child(
                name,
                natives,
                lab.proxyJvm(),
                ProxyMain.class,
                transport,
                version().name());
    }

    /** How many descriptors a tunnel takes in the process that it takes most in: the proxy, or this one with the targets. */
    int descriptors() {
        return multiplexes() && this != NGHTTPX ? 1 : 2;
    }

    /** Whether it is this project's. */
    boolean isOurs() {
        return label.startsWith("masque-");
    }

    /** A new connection to it. */
    CompletableFuture<HttpSession> session(Lab lab, Subject subject) {
        try {
            return ProxyClient.session(lab.transport(transport), subject.port(), version(), lab.identity());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A session with it. */
    ProxyClient client(Lab lab, Subject subject) throws IOException {
        return lab.client(lab.transport(transport), subject, version());
    }

    /** A way through it on one connection, if one can carry several tunnels, otherwise on one for each. */
    Route route(Lab lab, Subject subject) throws IOException {
        return multiplexes() ? Route.warm(client(lab, subject), lab.targets()) : freshRoute(lab, subject);
    }

    /** A way through it with a connection for each tunnel. */
    Route freshRoute(Lab lab, Subject subject) throws IOException {
        if (subject instanceof HaProxy haproxy) {
            return Route.plain(lab.network(), haproxy::port);
        }
        if (subject instanceof Direct direct) {
            return Route.plain(lab.network(), direct.targets()::port);
        }
        return Route.fresh(lab.transport(transport), subject, version(), lab.identity(), lab.targets());
    }

    /** Bytes through it. */
    Carrier carrier(Lab lab, Subject subject) throws IOException {
        return this == QUICHE && subject instanceof Child child
                ? lab.keep(new QuicheClient(child, lab.identity()))
                : new Bulk(subject, route(lab, subject), lab.targets());
    }

    HttpVersion version() {
        if (version == null) {
            throw new IllegalStateException(label + " speaks no HTTP");
        }
        return version;
    }
}
