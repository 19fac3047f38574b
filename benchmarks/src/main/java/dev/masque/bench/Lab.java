package dev.masque.bench;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.HeaderFields;
import dev.masque.core.spi.Network;
import dev.masque.core.spi.NetworkProvider;
import dev.masque.core.spi.Transport;
import dev.masque.core.spi.TransportProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that runs for a benchmark: starts it, takes turns with it, and ends it. */
final class Lab implements AutoCloseable {
    /** The transport for HTTP/2. */
    static final String NETTY = "netty";

    private static final HeaderFields KEY = HeaderFields.of("proxy-authorization", "Preshared " + ProxyMain.KEY);

    private final Settings settings;
    private final PrintWriter out;
    private final Path folder;
    private final Identity identity;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final Map<String, Transport> transports = new HashMap<>();

    @Nullable private Targets targets;

    @Nullable private Network network;

    Lab(Settings settings, PrintWriter out) throws IOException, GeneralSecurityException, InterruptedException {
        this.settings = settings;
        this.out = out;
        this.folder = Files.createTempDirectory("masque-benchmark");
        this.identity = Identity.create(folder);
    }

    /** A figure of one subject, measured for so many seconds. */
    interface Measure<S> {
        double of(S subject, double seconds) throws IOException;
    }

    Identity identity() {
        return identity;
    }

    int rounds() {
        return settings.rounds();
    }

    void say(String text) {
        out.println(text);
        out.flush();
    }

    /** Closes it at the end, the last one first. */
    <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    /** Flags for the JVMs of our proxies. */
    List<String> proxyJvm() {
        return settings.proxyJvm();
    }

    /** Our proxy over HTTP/3, by the name of its transport. */
    Child proxy(String http3) throws IOException {
        return child("masque (" + http3 + ")", true, proxyJvm(), ProxyMain.class, http3, HttpVersion.HTTP_3.name());
    }

    /** The contenders that were asked for; empty for all. */
    List<Contender> only() {
        return settings.only().stream().map(Contender::of).toList();
    }

    /** Starts a contender; it ends with the run. */
    Subject start(Contender contender) throws IOException {
        Subject subject = contender.start(this);
        if (!(subject instanceof Child)) { // that is kept already
            keep(subject);
        }
        if (!subject.version().isEmpty()) {
            versions.put(contender.label(), subject.version());
        }
        return subject;
    }

    /** Of the software that took part, by its name. */
    Map<String, String> versions() {
        return Collections.unmodifiableMap(versions);
    }

    /** A new folder for the files of a program. */
    Path folder(String name) throws IOException {
        return Files.createTempDirectory(folder, name);
    }

    /** A JVM with a main that takes certificate, key, and these arguments. */
    Child child(String name, boolean natives, List<String> flags, Class<?> main, String... arguments)
            throws IOException {
        List<String> all = new ArrayList<>(
                List.of(identity.certificate().toString(), identity.key().toString()));
        all.addAll(List.of(arguments));
        return keep(Child.start(name, KEY, natives, flags, main, all.toArray(String[]::new)));
    }

    /** The targets of all. */
    Targets targets() throws IOException {
        if (targets == null) {
            targets = keep(new Targets());
        }
        return targets;
    }

    /** The client's transport, by its name; one for all of a run. */
    Transport transport(String name) throws IOException {
        Transport transport = transports.get(name);
        if (transport == null) {
            transport = keep(provider(name).create());
            transports.put(name, transport);
        }
        return transport;
    }

    /** The network of what needs no proxy. */
    Network network() throws IOException {
        if (network == null) {
            network = keep(ServiceLoader.load(NetworkProvider.class)
                    .findFirst()
                    .orElseThrow(() -> new IOException("no network"))
                    .createNetwork());
        }
        return network;
    }

    static TransportProvider provider(String name) throws IOException {
        for (TransportProvider provider : ServiceLoader.load(TransportProvider.class)) {
            if (provider.name().equals(name)) {
                return provider;
            }
        }
        throw new IOException("no transport " + name);
    }

    ProxyClient client(Transport transport, Subject subject, HttpVersion version) throws IOException {
        return keep(ProxyClient.connect(transport, subject, version, identity));
    }

    /** Warms all subjects up, then measures them in turn, every other round in the opposite order. */
    <S> Map<S, Series> interleave(String what, List<S> subjects, Measure<S> measure) throws IOException {
        say(what + ": warm-up of " + Report.number(settings.warmup()) + " s each");
        for (S subject : subjects) {
            long began = System.nanoTime();
            while (System.nanoTime() - began < settings.warmup() * 1e9) {
                measure(what, subject, measure, Math.min(settings.seconds(), settings.warmup()));
            }
        }
        Map<S, Series> results = new LinkedHashMap<>();
        subjects.forEach(subject -> results.put(subject, new Series()));
        List<S> order = new ArrayList<>(subjects);
        for (int round = 1; round <= settings.rounds(); round++) {
            StringBuilder line = new StringBuilder(what + ": round " + round);
            Map<S, Double> figures = new LinkedHashMap<>();
            for (S subject : order) {
                figures.put(subject, measure(what, subject, measure, settings.seconds()));
            }
            for (Map.Entry<S, Series> result : results.entrySet()) {
                double figure = figures.getOrDefault(result.getKey(), Double.NaN);
                result.getValue().add(figure);
                line.append("  ").append(Report.number(figure));
            }
            say(line.toString());
            Collections.reverse(order);
        }
        return results;
    }

    private static <S> double measure(String what, S subject, Measure<S> measure, double seconds) throws IOException {
        try {
            return measure.of(subject, seconds);
        } catch (IOException e) {
            throw new IOException(what + " of " + subject + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                say("could not be closed: " + e);
            }
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
