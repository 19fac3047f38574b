package dev.masque.cli;

import dev.masque.privacypass.Extension;
import dev.masque.privacypass.Extensions;
import dev.masque.privacypass.TokenType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What tokens of an extended type say for all to read. */
final class ExtensionOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Nullable @Option(
            names = "--expires-in",
            paramLabel = "TIME",
            converter = DurationArgument.class,
            description = "Tokens of type da7a say that they are good for this long.")
    private Duration life;

    @Option(
            names = "--expiry-precision",
            paramLabel = "TIME",
            defaultValue = "1h",
            converter = DurationArgument.class,
            description =
                    "That time is rounded up to a multiple of this (default: ${DEFAULT-VALUE}), so that many clients "
                            + "have the same.")
    private Duration precision = Duration.ofHours(1);

    @Nullable @Option(
            names = "--geolocation",
            paramLabel = "PLACE",
            description = "Tokens of type da7a say this place: country, region, city, as in JP,JP-13,TOKYO.")
    private String place;

    /** The extensions of a token that is asked for now. */
    Extensions of(TokenType type, Instant now) {
        List<Extension> said = new ArrayList<>();
        if (life != null) {
            said.add(Extension.expiration(now.plus(life), precision));
        }
        if (place != null) {
            said.add(Extension.geolocation(place));
        }
        if (!said.isEmpty() && !type.extended()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "tokens of type " + type + " say nothing: --expires-in and --geolocation take da7a");
        }
        return new Extensions(said);
    }
}
