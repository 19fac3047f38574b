package dev.masque.netty;

import dev.masque.core.HttpVersion;
import dev.masque.core.MasqueException;
import dev.masque.core.NextHopException;
import dev.masque.core.spi.ByteHandler;
import dev.masque.core.spi.ConnectOptions;
import dev.masque.core.spi.DialOptions;
import dev.masque.core.spi.HttpSession;
import dev.masque.core.spi.ListenOptions;
import dev.masque.core.spi.Listening;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.SessionHandler;
import dev.masque.core.spi.SessionLimits;
import dev.masque.core.spi.StreamFailure;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.UdpHandler;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A process that uses up its descriptors, and wants sockets. */
final class NoDescriptors {
    static final String FINE = "all is as it should be";

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final SessionHandler NONE = stream -> {
        throw new IllegalStateException("a request");
    };

    private final Deque<InputStream> taken = new ArrayDeque<>();
    private final List<Wish> wishes = new ArrayList<>();

    /** Something that needs a descriptor. */
    private record Wish(String what, Supplier<CompletionStage<?>> attempt) {
        void granted() throws Exception {
            attempt.get().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }

        void refused() throws Exception {
            try {
                Object got = attempt.get().toCompletableFuture().get(20, TimeUnit.SECONDS);
                throw new IllegalStateException(what + " gave " + got);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof NextHopException || e.getCause() instanceof MasqueException)) {
                    throw new IllegalStateException(what + " failed in another way", e);
                }
            }
        }
    }

    private NoDescriptors() {}

    /**
     * Prints {@link #FINE}, or fails.
     *
     * @param arguments the kind of sockets
     */
    public static void main(String[] arguments) {
        int status = 1;
        try {
            loadClasses();
            new NoDescriptors().run(SocketKind.valueOf(arguments[0]));
            System.out.println(FINE);
            status = 0;
        } catch (Throwable e) {
            e.printStackTrace(System.out);
        }
        System.exit(status); // not all threads are daemons
    }

    /** Those that are files of their own: reading one takes a descriptor, which is nobody's fault here. */
    private static void loadClasses() throws IOException, ClassNotFoundException {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path folder = Path.of(entry);
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(folder.resolve("dev/masque/netty"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                        .filter(path -> !path.endsWith("package-info.class"))
                        .toList()) {
                    String name = folder.relativize(file).toString().replace(File.separatorChar, '.');
                    Class.forName(name.substring(0, name.length() - ".class".length()));
                }
            }
        }
    }

    private void run(SocketKind kind) throws Exception {
        NettyTransport tcp = new NettyTransport(Groups.of(kind));
        QuicheTransport udp = new QuicheTransport(Groups.of(kind));
        try (Network network = new NettyNetwork(Groups.of(kind));
                ServerSocket target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress(target.getInetAddress(), target.getLocalPort());
            DialOptions dialling = new DialOptions(null, Duration.ofSeconds(10), null);
            Listening h2 = listen(tcp, HttpVersion.HTTP_2).get(10, TimeUnit.SECONDS);
            Listening h3 = listen(udp, HttpVersion.HTTP_3).get(10, TimeUnit.SECONDS);
            wishes.add(new Wish("connect h2", () -> connect(tcp, h2, HttpVersion.HTTP_2)));
            wishes.add(new Wish("connect h3", () -> connect(udp, h3, HttpVersion.HTTP_3)));
            wishes.add(new Wish("dial TCP", () -> network.connectTcp(address, dialling, stream -> new Ignored())));
            wishes.add(new Wish("dial UDP", () -> network.openUdp(address, dialling, socket -> new IgnoredUdp())));
            wishes.add(new Wish("listen h2", () -> listen(tcp, HttpVersion.HTTP_2)));
            wishes.add(new Wish("listen h3", () -> listen(udp, HttpVersion.HTTP_3)));
            for (Wish wish : wishes) { // with all classes and libraries
                wish.granted();
            }
            for (int round = 0; round < 3; round++) {
                exhaust();
                for (Wish wish : wishes) {
                    wish.refused();
                }
                aPortGoesOnAccepting(tcp, h2);
                free();
                for (Wish wish : wishes) {
                    wish.granted();
                }
            }
        }
        long began = System.nanoTime();
        tcp.close();
        udp.close();
        if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(10)) {
            throw new IllegalStateException("closing took " + (System.nanoTime() - began) + " ns");
        }
    }

    /** One descriptor for the client, none for the server until there are more. */
    private void aPortGoesOnAccepting(Transport transport, Listening port) throws Exception {
        taken.remove().close();
        CompletableFuture<HttpSession> connecting = connect(transport, port, HttpVersion.HTTP_2);
        try {
            connecting.get(1_500, TimeUnit.MILLISECONDS);
            throw new IllegalStateException("a connection without a descriptor");
        } catch (java.util.concurrent.TimeoutException e) {
            // it waits to be accepted
        }
        free();
        connecting.get(20, TimeUnit.SECONDS);
    }

    private void exhaust() throws IOException {
        try {
            while (true) {
                taken.add(new FileInputStream("/dev/null"));
            }
        } catch (FileNotFoundException e) {
            if (taken.isEmpty()) {
                throw e;
            }
        }
    }

    private void free() throws IOException {
        while (!taken.isEmpty()) {
            taken.remove().close();
        }
    }

    private static CompletableFuture<HttpSession> connect(Transport transport, Listening to, HttpVersion version) {
        ConnectOptions options = new ConnectOptions(
                to.address(),
                "localhost",
                List.of(version),
                Loopback.PKI.trust(),
                Duration.ofSeconds(20),
                SessionLimits.defaults());
        return transport.connect(options, NONE).toCompletableFuture();
    }

    private static CompletableFuture<Listening> listen(Transport transport, HttpVersion version) {
        return transport
                .listen(new ListenOptions(ANY, Set.of(version), Loopback.PKI::identity, SessionLimits.defaults()), NONE)
                .toCompletableFuture();
    }

    private static final class Ignored implements ByteHandler {
        @Override
        public void data(ByteBuffer data) {
            data.position(data.limit());
        }

        @Override
        public void end() {}

        @Override
        public void closed(@Nullable StreamFailure failure) {}
    }

    private static final class IgnoredUdp implements UdpHandler {
        @Override
        public void datagram(ByteBuffer payload) {}

        @Override
        public void closed(@Nullable IOException failure) {}
    }
}
