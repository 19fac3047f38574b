package dev.masque.cli;

import dev.masque.geohash.Choice;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.MalformedGeoException;
import dev.masque.geohash.Place;
import dev.masque.server.egress.EgressChoice;
import dev.masque.server.egress.EgressExplanation;
import dev.masque.server.egress.EgressPool;
import dev.masque.server.egress.EgressSelector;
import dev.masque.server.egress.LeaveCountry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code masque egress}. */
@Command(
        name = "egress",
        description = "Addresses that tunnels leave from.",
        mixinStandardHelpOptions = true,
        subcommands = EgressCommand.Explain.class)
final class EgressCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: explain");
    }

    /** {@code masque egress explain}. */
    @Command(
            name = "explain",
            description = "Says which pool a hint gets, and why.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footer = {
                "",
                "The exit code is 1 if a client with this hint is refused.",
                "",
                "Example:",
                "  masque egress explain --geofeed egress.csv --geohash xn76c-JP"
            })
    static final class Explain implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // picocli
        private CommandSpec spec;

        @Option(
                names = "--geofeed",
                required = true,
                paramLabel = "FILE",
                description =
                        "The pools: lines of prefix,country,region,city,postal,cell, or YAML if it ends in .yaml or .yml.")
        @SuppressWarnings("NullAway.Init") // picocli
        private Path geofeed;

        @Nullable @Option(
                names = "--geohash",
                paramLabel = "HINT",
                description = "What the client says in sec-ch-geohash: CELL-COUNTRY or COUNTRY; without it, nothing.")
        private String geohash;

        @Option(
                names = "--leave-country",
                paramLabel = "WHEN",
                defaultValue = "IF_NOT_SERVED",
                description = "As for masque proxy: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
        private LeaveCountry leaveCountry = LeaveCountry.IF_NOT_SERVED;

        @Option(
                names = "--precision",
                paramLabel = "N",
                defaultValue = "5",
                description = "As for masque proxy (default: ${DEFAULT-VALUE}).")
        private int precision = 5;

        @Option(
                names = "--candidates",
                paramLabel = "N",
                defaultValue = "5",
                description = "How many pools to show (default: ${DEFAULT-VALUE}).")
        private int shown = 5;

        @Override
        public Integer call() throws Exception {
            if (precision < 0 || precision > 12) {
                throw new ParameterException(spec.commandLine(), "--precision is 0 to 12");
            }
            EgressSelector selector = EgressSelector.builder()
                    .file(geofeed, YamlPools.orGeofeed(geofeed))
                    .leaveCountry(leaveCountry)
                    .build();
            PrintWriter out = spec.commandLine().getOut();
            Optional<GeoHint> hint = hint(out);
            boolean any = explain(out, "IPv6", selector.explain(hint, true));
            any |= explain(out, "IPv4", selector.explain(hint, false));
            out.flush();
            return any ? 0 : 1;
        }

        private Optional<GeoHint> hint(PrintWriter out) {
            if (geohash == null) {
                out.println("hint  none");
                return Optional.empty();
            }
            try {
                GeoHint hint = GeoHint.parse(geohash).cutTo(precision);
                out.println("hint  " + hint
                        + hint.cell()
                                .map(cell -> text(
                                        ", the cell around %.4f,%.4f",
                                        cell.centre().latitude(), cell.centre().longitude()))
                                .orElse(""));
                return Optional.of(hint);
            } catch (MalformedGeoException e) {
                out.println("hint  ignored, " + e.getMessage());
                return Optional.empty();
            }
        }

        /** False if a client would be refused. */
        private boolean explain(PrintWriter out, String family, EgressExplanation explained) {
            out.println(
                    family + "  " + explained.choice().map(Explain::reason).orElse("refused: no pool of the country"));
            List<EgressExplanation.Candidate> candidates = explained.candidates();
            for (EgressExplanation.Candidate candidate :
                    candidates.subList(0, Math.min(Math.max(shown, 0), candidates.size()))) {
                out.println(text(
                        "        %-40s %-24s %s",
                        candidate.pool().prefix(),
                        candidate.pool().place().map(Explain::where).orElse("default"),
                        distance(candidate.distanceMetres())));
            }
            if (candidates.size() > shown) {
                out.println("        and " + (candidates.size() - shown) + " more");
            }
            return explained.choice().isPresent();
        }

        private static String reason(EgressChoice choice) {
            Optional<EgressPool> pool = choice.pool();
            if (pool.isEmpty()) {
                return "left to the system: there is no default pool";
            }
            String why = choice.match() == Choice.Match.NEAREST
                    ? "the nearest of the country, " + distance(choice.distanceMetres())
                    : choice.match() == Choice.Match.COUNTRY
                            ? "of the country, there is no cell to be near to"
                            : "the default: no hint, or no pools in its country";
            return pool.get().prefix() + ", " + why;
        }

        private static String where(Place place) {
            return place.country() + place.city().map(city -> " " + city).orElse("");
        }

        private static String distance(OptionalDouble metres) {
            return metres.isEmpty() ? "" : text("%.1f km", metres.getAsDouble() / 1000);
        }

        private static String text(String format, Object... values) {
            return String.format(Locale.ROOT, format, values);
        }
    }
}
