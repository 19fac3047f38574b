package dev.masque.server;

import dev.masque.core.HttpVersion;
import dev.masque.core.MasqueException;
import dev.masque.core.spi.TransportProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which transport serves which versions of HTTP. Without state. */
final class Transports {
    private static final Set<HttpVersion> TCP = EnumSet.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);

    private Transports() {}

    /** A transport and what it is to serve. */
    record Choice(TransportProvider provider, Set<HttpVersion> versions) {}

    /** One transport for TCP, one for QUIC. All versions that there are if {@code wanted} is empty. */
    static List<Choice> choose(List<TransportProvider> providers, Set<HttpVersion> wanted) throws MasqueException {
        List<TransportProvider> usable = providers.stream()
                .filter(provider -> provider.unavailable().isEmpty())
                .sorted(Comparator.comparingInt(TransportProvider::priority).reversed())
                .toList();
        List<Choice> choices = new ArrayList<>();
        Set<HttpVersion> tcp = EnumSet.copyOf(TCP);
        Set<HttpVersion> quic = EnumSet.of(HttpVersion.HTTP_3);
        if (!wanted.isEmpty()) {
            tcp.retainAll(wanted);
            quic.retainAll(wanted);
        }
        best(usable, tcp).ifPresent(choices::add);
        best(usable, quic).ifPresent(choices::add);
        Set<HttpVersion> served = EnumSet.noneOf(HttpVersion.class);
        choices.forEach(choice -> served.addAll(choice.versions));
        if (served.isEmpty() || !served.containsAll(wanted)) {
            throw new MasqueException(complaint(providers, wanted, served));
        }
        return choices;
    }

    /** Both versions over TCP share a port, so one transport has to speak both: the one that speaks most. */
    private static Optional<Choice> best(List<TransportProvider> usable, Set<HttpVersion> wanted) {
        return usable.stream()
                .map(provider -> new Choice(
                        provider,
                        provider.versions().stream().filter(wanted::contains).collect(Collectors.toSet())))
                .filter(choice -> !choice.versions.isEmpty())
                .max(Comparator.comparingInt((Choice choice) -> choice.versions.size())
                        .thenComparingInt(choice -> choice.provider.priority()));
    }

    private static String complaint(
            List<TransportProvider> providers, Set<HttpVersion> wanted, Set<HttpVersion> served) {
        Set<HttpVersion> missing = EnumSet.noneOf(HttpVersion.class);
        missing.addAll(wanted);
        missing.removeAll(served);
        String why = providers.stream()
                .flatMap(provider -> provider.unavailable().stream().map(reason -> provider.name() + ": " + reason))
                .collect(Collectors.joining("; "));
        String what = missing.isEmpty()
                ? "no transport"
                : "no transport for " + missing.stream().map(HttpVersion::alpn).collect(Collectors.joining(", "));
        return what + "; is masque-netty or masque-kwik on the class path?" + (why.isEmpty() ? "" : " (" + why + ")");
    }
}
