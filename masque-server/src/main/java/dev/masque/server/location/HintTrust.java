package dev.masque.server.location;

import dev.masque.core.MalformedException;
import dev.masque.core.Target;
import dev.masque.core.spi.HeaderFields;
import dev.masque.geohash.AttestationException.Reason;
import dev.masque.geohash.GeoAttestation;
import dev.masque.geohash.GeoHint;
import dev.masque.geohash.MalformedGeoException;
import dev.masque.server.auth.Principal;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose hints are believed: everybody's, those that a first hop has attested, those of peers that are proxies themselves. What is
 * not believed, or cannot be understood, is passed over and never an error. Thread-safe.
 *
 * <pre>{@code
 * HintTrust.builder()
 *         .audience("b.example:443")
 *         .attestedBy(AttestationKeys.fetched(URI.create("https://a.example"), http))
 *         .build();
 * }</pre>
 */
public final class HintTrust {
    private final boolean anyone;
    private final List<FirstHop> firstHops;
    private final @Nullable Predicate<Principal> proxies;
    private final int precision;

    private HintTrust(Builder builder) {
        Set<String> audiences = Set.copyOf(builder.audiences);
        anyone = builder.anyone;
        firstHops = builder.sources.stream()
                .map(source -> new FirstHop(source, audiences, builder.clock))
                .toList();
        proxies = builder.proxies;
        precision = builder.precision;
    }

    /**
     * Believes everybody.
     *
     * @return the default of a server
     */
    public static HintTrust anyone() {
        Builder builder = builder();
        builder.anyone = true;
        return new HintTrust(builder);
    }

    /**
     * Believes nobody but those that are named.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads what a request says.
     *
     * @param fields its fields
     * @param principal who sent it
     * @return the hint if it is to be used, and else why not
     */
    public HintReading read(HeaderFields fields, Principal principal) {
        List<String> lines = fields.all(GeoHint.NAME);
        GeoHint hint = null;
        if (!lines.isEmpty()) {
            hint = lines.size() == 1 ? parse(lines.get(0)) : null;
            if (hint == null) {
                return HintReading.ignored("geohash hint is malformed and was ignored");
            }
        }
        if (anyone || proxies != null && proxies.test(principal)) {
            return hint == null ? HintReading.NONE : HintReading.of(hint.cutTo(precision));
        }
        return attested(fields.all(GeoAttestation.NAME), hint);
    }

    private static @Nullable GeoHint parse(String line) {
        try {
            return GeoHint.parse(line);
        } catch (MalformedGeoException e) {
            return null;
        }
    }

    private HintReading attested(List<String> lines, @Nullable GeoHint hint) {
        if (lines.isEmpty() || firstHops.isEmpty()) {
            return hint == null
                    ? HintReading.NONE
                    : HintReading.ignored("geohash hint is not attested and was ignored");
        }
        GeoAttestation attestation;
        try {
            attestation = GeoAttestation.parse(lines.get(0));
        } catch (MalformedGeoException e) {
            return refused("malformed");
        }
        if (lines.size() > 1) {
            return refused("malformed");
        }
        Reason reason = Reason.UNKNOWN_KEY;
        for (FirstHop firstHop : firstHops) {
            Reason said = firstHop.check(attestation);
            if (said == null) {
                GeoHint used = hint == null ? attestation.hint() : hint;
                return used.covers(attestation.hint())
                        ? HintReading.of(used.cutTo(precision))
                        : refused(phrase(Reason.HINT));
            }
            reason = said == Reason.UNKNOWN_KEY ? reason : said;
        }
        return refused(phrase(reason));
    }

    private static HintReading refused(String why) {
        return HintReading.ignored("geohash attestation is " + why + ", the hint was ignored");
    }

    private static String phrase(Reason reason) {
        return switch (reason) {
            case AUDIENCE -> "for another audience";
            case NOT_YET_VALID -> "not valid yet";
            case EXPIRED -> "expired";
            case WINDOW -> "valid for too long";
            case UNKNOWN_KEY -> "of an unknown key";
            case SIGNATURE -> "signed wrongly";
            case HINT -> "for another hint";
        };
    }

    /**
     * Looks for newer keys where it is time to. A server calls it every few seconds, on a thread that may block.
     *
     * @throws IOException if those of a first hop cannot be had: those that are known stay
     */
    public void refresh() throws IOException {
        IOException failure = null;
        for (FirstHop firstHop : firstHops) {
            try {
                firstHop.source().refresh();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Configures trust. Not thread-safe. */
    public static final class Builder {
        private final List<AttestationKeys> sources = new ArrayList<>();
        private final Set<String> audiences = new HashSet<>();
        private boolean anyone;
        private @Nullable Predicate<Principal> proxies;
        private int precision = GeoHint.DEFAULT_PRECISION;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /**
         * Believes what a first hop has attested. May be called several times.
         *
         * @param keys the first hop's
         * @return this builder
         */
        public Builder attestedBy(AttestationKeys keys) {
            sources.add(Objects.requireNonNull(keys, "keys"));
            return this;
        }

        /**
         * How clients name this proxy to the first hop. Needed for attestations, may be called several times.
         *
         * @param authority {@code b.example:443}, always with the port
         * @return this builder
         * @throws IllegalArgumentException if it is not a host and a port
         */
        public Builder audience(String authority) {
            try {
                audiences.add(Target.parse(authority).authority());
            } catch (MalformedException e) {
                throw new IllegalArgumentException("audience is not host:port: " + authority, e);
            }
            return this;
        }

        /**
         * Believes peers that are proxies themselves.
         *
         * @param which tells them from other clients
         * @return this builder
         */
        public Builder proxies(Predicate<Principal> which) {
            proxies = Objects.requireNonNull(which, "which");
            return this;
        }

        /**
         * How many characters of a cell are used at most.
         *
         * @param characters 0 to 12, 0 for the country only; 5 is the default
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder precision(int characters) {
            GeoHint.ofCountry("CH").cutTo(characters);
            precision = characters;
            return this;
        }

        /**
         * Believes everybody, with another precision or so.
         *
         * @return this builder
         */
        public Builder everybody() {
            anyone = true;
            return this;
        }

        /**
         * Where the time comes from.
         *
         * @param chosen the system's if not set
         * @return this builder
         */
        public Builder clock(Clock chosen) {
            clock = chosen;
            return this;
        }

        /**
         * Makes the trust.
         *
         * @return the trust
         * @throws IllegalStateException if attestations are believed and no audience is set
         */
        public HintTrust build() {
            if (!sources.isEmpty() && audiences.isEmpty()) {
                throw new IllegalStateException("audience must be set: how do clients name this proxy?");
            }
            return new HintTrust(this);
        }
    }
}
