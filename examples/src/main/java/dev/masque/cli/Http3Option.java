package dev.masque.cli;

import dev.masque.core.HttpVersion;
import dev.masque.core.spi.TransportProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which transport carries HTTP/3. */
final class Http3Option {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Nullable @Option(
            names = "--http3",
            paramLabel = "TRANSPORT",
            description =
                    "What carries HTTP/3: quiche (native) or kwik (pure Java); quiche where it loads, unless said.")
    private String name;

    /** The transports to choose from. */
    TransportProvider[] transports() {
        List<TransportProvider> all = all();
        String wanted = name;
        if (wanted == null) {
            return all.toArray(TransportProvider[]::new);
        }
        List<TransportProvider> named = all.stream()
                .filter(provider -> isHttp3(provider) && provider.name().equals(wanted))
                .toList();
        if (named.isEmpty()) {
            String known = all.stream()
                    .filter(Http3Option::isHttp3)
                    .map(TransportProvider::name)
                    .sorted()
                    .collect(Collectors.joining(" or "));
            throw new ParameterException(spec.commandLine(), "--http3 takes " + known + ", not '" + wanted + "'");
        }
        named.get(0).unavailable().ifPresent(why -> {
            throw new ParameterException(spec.commandLine(), "--http3 " + wanted + " cannot be used: " + why);
        });
        return all.stream()
                .filter(provider -> !isHttp3(provider) || named.contains(provider))
                .toArray(TransportProvider[]::new);
    }

    /** Those that can ask a client for its certificate; the one that was named in any case. */
    TransportProvider[] transportsThatAsk() {
        return Stream.of(transports())
                .filter(provider -> name != null || provider.asksForCertificates())
                .toArray(TransportProvider[]::new);
    }

    /** The name of the one that is used. */
    Optional<String> chosen() {
        return List.of(transports()).stream()
                .filter(provider -> isHttp3(provider) && provider.unavailable().isEmpty())
                .max(Comparator.comparingInt(TransportProvider::priority))
                .map(TransportProvider::name);
    }

    static List<TransportProvider> all() {
        return ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    static boolean isHttp3(TransportProvider provider) {
        return provider.versions().contains(HttpVersion.HTTP_3);
    }
}
